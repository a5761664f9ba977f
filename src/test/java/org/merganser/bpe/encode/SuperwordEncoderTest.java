package org.merganser.bpe.encode;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.merganser.Seeds;
import org.merganser.SharedData;
import org.merganser.bpe.ByteLevelForm;
import org.merganser.bpe.IdBuffer;
import org.merganser.bpe.encode.BpeModel.Options;
import org.merganser.bpe.encode.ListedModel.Entry;
import org.merganser.text.unicode.ByteAlphabet;
import org.merganser.tokenizer.Tokenizer;

/** Encoding on two levels against merging the whole pretoken, and against HF's library. */
class SuperwordEncoderTest {
  private static final Options IGNORING = new Options(null, null, null, false, false, true);
  private static final List<String> PARTS = List.of("a", "b", "'", "Ġ", "Ġ", "Ã", "©", "Ċ");
  private static final String TEXT = "ab' éè\n";

  /** A byte-level model with all bytes and some merges in the order given, ids in that order. */
  private static final class Table {
    final List<Entry> entries = new ArrayList<>();
    final List<String> merges;
    final Options options;

    Table(List<String> merges, Options options) {
      this.merges = merges;
      this.options = options;
      Set<String> tokens = new LinkedHashSet<>();
      for (int b = 0; b < 256; b++) {
        tokens.add(String.valueOf(ByteAlphabet.toChar(b)));
      }
      for (int i = 0; i < merges.size(); i += 2) {
        tokens.add(merges.get(i) + merges.get(i + 1));
      }
      tokens.forEach(token -> entries.add(new Entry(token, entries.size())));
    }

    BpeModel model() {
      return ListedModel.of(entries, merges, options);
    }

    List<Integer> plain(String pretoken) {
      byte[] utf8 = pretoken.getBytes(StandardCharsets.UTF_8);
      ByteLevelForm form = new ByteLevelForm(Integer.MAX_VALUE);
      form.set(utf8, 0, utf8.length);
      return new PlainBpe(entries, merges, options)
          .ids(new String(form.bytes(), 0, form.length(), StandardCharsets.UTF_8));
    }
  }

  /**
   * A table of some forty merges over few characters. Half of them are in an order in which no
   * trainer learns them, so that stage 2 makes what stage 1 needs; some pairs are given twice.
   */
  private static Table random(Random random) {
    List<String> parts = new ArrayList<>(PARTS);
    List<List<String>> pairs = new ArrayList<>();
    int wanted = 5 + random.nextInt(60);
    for (int i = 0; i < wanted; i++) {
      String left = parts.get(random.nextInt(parts.size()));
      String right = parts.get(random.nextInt(parts.size()));
      if (left.length() + right.length() <= 14) {
        pairs.add(List.of(left, right));
        parts.add(left + right);
      }
    }
    if (random.nextBoolean()) {
      Collections.shuffle(pairs, random);
    } else if (random.nextBoolean()) {
      // What a trainer of two stages makes: merges over words come last.
      pairs.sort((x, y) -> Boolean.compare(spans(x), spans(y)));
    }
    for (int i = random.nextInt(3); i > 0; i--) {
      pairs.add(random.nextInt(pairs.size()), pairs.get(random.nextInt(pairs.size())));
    }
    List<String> merges = pairs.stream().flatMap(List::stream).toList();
    return new Table(merges, random.nextInt(3) == 0 ? IGNORING : Options.NONE);
  }

  private static boolean spans(List<String> pair) {
    return (pair.get(0) + pair.get(1)).matches(".*[^Ġ]Ġ+[^Ġ].*");
  }

  private static String text(Random random, int characters) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < characters; i++) {
      text.append(TEXT.charAt(random.nextInt(TEXT.length())));
    }
    return text.toString();
  }

  private static List<Integer> ids(BpeEncoder encoder, String pretoken) {
    byte[] utf8 = pretoken.getBytes(StandardCharsets.UTF_8);
    IdBuffer out = new IdBuffer(1);
    out.add(-1); // what stands before stays
    encoder.encode(utf8, 0, new int[] {utf8.length}, 1, out);
    assertThat(out.ids()[0]).isEqualTo(-1);
    return Arrays.stream(out.toArray()).skip(1).boxed().toList();
  }

  @Test
  void mergesWordsFirstAndThenAcrossThem() {
    Table table =
        new Table(
            List.of("o", "f", "Ġ", "of", "t", "h", "th", "e", "Ġ", "the", "Ġof", "Ġthe"),
            Options.NONE);
    BpeEncoder encoder = table.model().newEncoder(true);
    assertThat(encoder).isInstanceOf(SuperwordEncoder.class);
    assertThat(ids(encoder, " of the")).containsExactly(261).isEqualTo(table.plain(" of the"));
    assertThat(ids(encoder, " of of the"))
        .containsExactly(257, 261)
        .isEqualTo(table.plain(" of of the"));
  }

  @Test
  void takesAWholePretokenFromTheVocabularyWhereMergesAreIgnored() {
    Table table = new Table(List.of("Ġ", "a", "Ġa", "Ġa", "ĠaĠa", "b"), IGNORING);
    table.entries.add(new Entry("ĠaĠaĠa", 300));
    table.entries.add(new Entry("abcdefghijkl", 301));
    BpeEncoder encoder = table.model().newEncoder(true);
    assertThat(encoder).isInstanceOf(SuperwordEncoder.class);
    assertThat(ids(encoder, "abcdefghijkl")).as("the longest token").containsExactly(301);
    byte[] text = " a a a a".getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < 2; i++) {
      IdBuffer out = new IdBuffer(1);
      encoder.encode(text, 0, new int[] {2, 8}, 2, out);
      assertThat(out.toArray()).as("a token that no merge makes").containsExactly(256, 300);
      out.clear();
      encoder.encode(text, 0, new int[] {8}, 1, out);
      assertThat(out.toArray()).as("longer than every token").containsExactly(257, 257);
    }
  }

  /** A merge of a low rank may wait for a part that only a merge of stage 2 makes. */
  @Test
  void joinsForAMergeOfStageOneWhatStageTwoMakes() {
    for (List<String> merges :
        List.of(
            List.of("xy", "z", "a", "Ġ", "aĠ", "b", "x", "y"),
            List.of("x", "yz", "a", "Ġ", "aĠ", "b", "y", "z"))) {
      Table table = new Table(merges, Options.NONE);
      BpeEncoder encoder = table.model().newEncoder(true);
      assertThat(encoder).isInstanceOf(SuperwordEncoder.class);
      assertThat(ids(encoder, "xyz")).containsExactly(256).isEqualTo(table.plain("xyz"));
    }
  }

  @Test
  void leavesATokenOverWordsThatNoMergeMakesToTheOrdinaryEncoder() {
    Table table = new Table(List.of("a", "b"), Options.NONE);
    table.entries.add(new Entry("aĠb", 300));
    assertThat(table.model().newEncoder(true)).isInstanceOf(CachedEncoder.class);
  }

  @Test
  void leavesTablesWhoseTokensAreWordsToTheOrdinaryEncoder() {
    for (List<String> merges :
        List.of(
            List.of("a", "b"),
            List.of("Ġ", "a"),
            List.of("a", "Ġ", "Ġ", "Ġ", "aĠ", "ĠĠ"),
            List.of("'", "Ġ", "'Ġ", "a"))) {
      assertThat(new Table(merges, Options.NONE).model().newEncoder(true))
          .as("%s", merges)
          .isInstanceOf(CachedEncoder.class);
    }
  }

  @Tag("conformance")
  @ParameterizedTest
  @ValueSource(strings = {"gpt2", "qwen2_5_derived", "gptoss", "gpt35turbo"})
  void leavesPublishedTablesToTheOrdinaryEncoder(String name) {
    Path folder = SharedData.dir().resolve("tokenizers").resolve(name);
    assertThat(Tokenizer.read(folder.resolve("tokenizer.json")).model().newEncoder(true))
        .isInstanceOf(CachedEncoder.class);
  }

  @Test
  void leavesModelsWithoutAByteToTheOrdinaryEncoder() {
    Table table = new Table(List.of("a", "Ġ", "aĠ", "b"), Options.NONE);
    table.entries.removeIf(entry -> entry.token().equals("x"));
    assertThat(table.model().newEncoder(true)).isInstanceOf(CachedEncoder.class);
    assertThat(table.model().newEncoder(false)).isInstanceOf(CachedEncoder.class);
    assertThat(table.model().newSentenceEncoder()).isInstanceOf(CachedEncoder.class);
  }

  @Test
  void equalsMergingTheWholePretokenWithAnyTable() {
    Random random = new Random(Seeds.next());
    int onTwoLevels = 0;
    int rounds = Seeds.cases(1_500);
    for (int round = 0; round < rounds; round++) {
      Table table = random(random);
      ModelWays ways = new ModelWays(table.model(), true);
      onTwoLevels += ways.encoder() instanceof SuperwordEncoder ? 1 : 0;
      for (int i = 0; i < 12; i++) {
        String text = text(random, 1 + random.nextInt(i == 0 ? 200 : 24));
        String what = "round %d %s on \"%s\"".formatted(round, table.merges, text);
        ways.check(table.plain(text), what, text);
      }
    }
    assertThat(onTwoLevels).isBetween(rounds / 5, rounds * 14 / 15);
  }

  @Test
  void equalsHfWithAnyTable() throws IOException {
    Random random = new Random(Seeds.next());
    for (int round = Seeds.cases(150); round > 0; round--) {
      Table table = random(random);
      ModelWays ways = new ModelWays(table.model(), true);
      try (HfModel hf = HfModel.of(table.entries, table.merges, table.options, true)) {
        for (int i = 0; i < 12; i++) {
          String text = text(random, 1 + random.nextInt(i == 0 ? 300 : 24));
          String what = "round %d %s on \"%s\"".formatted(round, table.merges, text);
          ways.check(hf.ids(text), what, text);
        }
      }
    }
  }

  @Test
  void saysHowManyBytesEachIdStandsFor() {
    Random random = new Random(Seeds.next());
    for (int round = 0; round < 100; round++) {
      Table table = random(random);
      BpeEncoder encoder = table.model().newEncoder(true);
      byte[] utf8 = text(random, 1 + random.nextInt(40)).getBytes(StandardCharsets.UTF_8);
      IdBuffer ids = new IdBuffer(1);
      IdBuffer lengths = new IdBuffer(1);
      encoder.encodeWithLengths(utf8, 0, utf8.length, ids, lengths);
      assertThat(lengths.size()).isEqualTo(ids.size());
      BpeModel model = table.model();
      for (int i = 0; i < ids.size(); i++) {
        String token = model.token(ids.ids()[i]);
        assertThat(token).isNotNull().hasSize(lengths.ids()[i]);
      }
    }
  }

  @Test
  void encodesEachOfManyPretokensOnItsOwn() {
    Table table = new Table(List.of("Ġ", "a", "Ġa", "Ġa"), Options.NONE);
    BpeEncoder encoder = table.model().newEncoder(true);
    byte[] text = " a a a a".getBytes(StandardCharsets.UTF_8);
    IdBuffer out = new IdBuffer(1);
    encoder.encode(text, 0, new int[] {2, 6, 8}, 3, out);
    assertThat(out.toArray()).containsExactly(256, 257, 256);
  }

  @Test
  void cutsPretokensOfAnyLengthIntoPieces() {
    Table table = new Table(List.of("Ġ", "a", "Ġa", "Ġa"), Options.NONE);
    BpeEncoder encoder = table.model().newEncoder(true);
    for (int words : new int[] {31, 32, 33, 63, 64, 65, 447, 448, 449, 512, 1025, 40_000}) {
      List<Integer> expected = new ArrayList<>(Collections.nCopies(words / 2, 257));
      if (words % 2 == 1) {
        expected.add(256);
      }
      assertThat(ids(encoder, " a".repeat(words))).as("%d words", words).isEqualTo(expected);
      assertThat(ids(encoder, "é".repeat(words))).hasSize(2 * words);
    }
  }

  @Test
  void readsOneMoreThanATokenOfWordsInAText() {
    assertThat(SuperwordTables.spansWords("a b".getBytes(StandardCharsets.UTF_8))).isTrue();
    assertThat(SuperwordTables.spansWords("é  é".getBytes(StandardCharsets.UTF_8))).isTrue();
    for (String word : List.of("", "a", " a", "a ", "a  ", "a. b", "1 2", "a -", "a\nb")) {
      assertThat(SuperwordTables.spansWords(word.getBytes(StandardCharsets.UTF_8)))
          .as("\"%s\"", word)
          .isFalse();
    }
  }

  /** As in gpt2 and the vocabularies that came after it: runs of spaces and no-break spaces. */
  @Test
  void whiteSpaceBetweenPartsOfCharactersSpansNoWords() {
    for (String spaces : List.of("\u00a0 \u00a0", "\u3000 \u3000", "a\u00a0 \u00a0a", "— —")) {
      assertThat(SuperwordTables.spansWords(spaces.getBytes(StandardCharsets.UTF_8)))
          .as("\"%s\"", spaces)
          .isFalse();
    }
    Table table = new Table(List.of("Â", "ł", "Âł", "Ġ", "ÂłĠ", "Âł"), IGNORING);
    assertThat(table.model().newEncoder(true)).isInstanceOf(CachedEncoder.class);
    Table superwords = new Table(List.of("a", "Ġ", "aĠ", "a"), IGNORING);
    assertThat(superwords.model().newEncoder(true)).isInstanceOf(SuperwordEncoder.class);
  }
}
