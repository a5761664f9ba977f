package org.merganser.bpe.encode;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.merganser.Seeds;
import org.merganser.bpe.IdBuffer;
import org.merganser.bpe.encode.BpeModel.Options;
import org.merganser.bpe.encode.ListedModel.Entry;
import org.merganser.text.unicode.ByteAlphabet;

class BpeEncoderTest {
  private static final List<String> LETTERS = List.of("a", "b", "c");

  /** Entries with the ids 0, 1, 2 … in the order given. */
  private static List<Entry> entries(String... tokens) {
    List<Entry> entries = new ArrayList<>();
    for (String token : tokens) {
      entries.add(new Entry(token, entries.size()));
    }
    return entries;
  }

  private static int[] ends(String... pretokens) {
    int[] ends = new int[pretokens.length];
    int end = 0;
    for (int i = 0; i < ends.length; i++) {
      end += pretokens[i].getBytes(StandardCharsets.UTF_8).length;
      ends[i] = end;
    }
    return ends;
  }

  private static List<Integer> ids(BpeEncoder encoder, String... pretokens) {
    byte[] text = String.join("", pretokens).getBytes(StandardCharsets.UTF_8);
    IdBuffer out = new IdBuffer(1);
    encoder.encode(text, 0, ends(pretokens), pretokens.length, out);
    return Arrays.stream(out.toArray()).boxed().toList();
  }

  private static List<Integer> ids(List<Entry> entries, List<String> merges, Options o, String s) {
    List<Integer> ids = ids(ListedModel.of(entries, merges, o).newEncoder(false), s);
    assertThat(new PlainBpe(entries, merges, o).ids(s)).isEqualTo(ids);
    return ids;
  }

  @Test
  void mergesTheLowestRankFirstThenTheLeftmost() {
    List<Entry> v = entries("a", "b", "ab", "bb", "aa");
    assertThat(ids(v, List.of("b", "b", "a", "b"), Options.NONE, "abb")).containsExactly(0, 3);
    assertThat(ids(v, List.of("a", "b", "b", "b"), Options.NONE, "abb")).containsExactly(2, 1);
    assertThat(ids(v, List.of("a", "a"), Options.NONE, "aaaaa")).containsExactly(4, 4, 0);
  }

  @Test
  void reachesATokenByEitherOfTwoPaths() {
    List<Entry> v = entries("a", "aa", "aaa");
    assertThat(ids(v, List.of("a", "a", "aa", "a"), Options.NONE, "aaa")).containsExactly(2);
    assertThat(ids(v, List.of("a", "a", "a", "aa"), Options.NONE, "aaaaa"))
        .containsExactly(1, 1, 0);
    assertThat(ids(v, List.of("a", "aa", "a", "a", "aa", "a"), Options.NONE, "aaaaaaa"))
        .containsExactly(1, 1, 2);
  }

  @Test
  void countsTheLastRankOfAMergeGivenTwice() {
    List<Entry> v = entries("a", "b", "c", "ab", "bc");
    assertThat(ids(v, List.of("a", "b", "b", "c", "a", "b"), Options.NONE, "abc"))
        .containsExactly(0, 4);
  }

  @Test
  void neverProducesATokenThatMergesCannotReach() {
    List<Entry> v = entries("a", "b", "ab", "abab");
    assertThat(ids(v, List.of("a", "b"), Options.NONE, "abab")).containsExactly(2, 2);
  }

  @Test
  void takesAWholePretokenFromTheVocabularyWhereMergesAreIgnored() {
    List<Entry> v = entries("a", "b", "ab", "abab");
    Options ignore = new Options(null, null, null, false, false, true);
    assertThat(ids(v, List.of("a", "b"), ignore, "abab")).containsExactly(3);
    assertThat(ids(v, List.of("a", "b"), ignore, "ababa")).containsExactly(2, 2, 0);
    List<Entry> first = entries("abab", "a", "b", "ab");
    assertThat(ids(first, List.of("a", "b"), ignore, "abab")).containsExactly(0);
  }

  @Test
  void dropsACharacterWithoutAToken() {
    BpeEncoder encoder =
        ListedModel.of(entries("a", "b", "ab"), List.of("a", "b"), Options.NONE).newEncoder(false);
    // HF: what is left merges over the hole.
    assertThat(ids(encoder, "b", "aéb")).containsExactly(1, 2);
    assertThat(ids(encoder, "aéb", "é")).containsExactly(2);
    assertThat(ids(encoder, "ab")).containsExactly(2);
  }

  @Test
  void dropsByteLevelBytesThatTheVocabularyLacks() {
    BpeEncoder encoder =
        ListedModel.of(entries("Ġ", "b", "Ġb"), List.of("Ġ", "b"), Options.NONE).newEncoder(true);
    assertThat(ids(encoder, " b", " éb")).containsExactly(2, 2);
  }

  @Test
  void replacesUnknownCharactersByTheUnknownTokenOneByOneOrFused() {
    List<Entry> v = entries("<unk>", "a", "b", "ab");
    Options single = new Options("<unk>", null, null, false, false, false);
    Options fused = new Options("<unk>", null, null, true, false, false);
    assertThat(ids(v, List.of("a", "b"), single, "éüab")).containsExactly(0, 0, 3);
    assertThat(ids(v, List.of("a", "b"), fused, "éüabé")).containsExactly(0, 3, 0);
  }

  @Test
  void anUnknownTokenRepresentsTheBytesOfItsCharacters() {
    Options single = new Options("<unk>", null, null, false, false, false);
    Options fused = new Options("<unk>", null, null, true, false, false);
    List<Entry> v = entries("a", "<unk>", "b", "ab");
    BpeModel one = ListedModel.of(v, List.of("a", "b"), single);
    assertThat(idsAndLengths(one.newEncoder(false), "éüab車"))
        .containsExactly(List.of(1, 1, 3, 1), List.of(2, 2, 2, 3));
    assertThat(idsAndLengths(one.newEncoder(true), "éa"))
        .containsExactly(List.of(1, 1, 0), List.of(1, 1, 1));
    BpeModel all = ListedModel.of(v, List.of("a", "b"), fused);
    assertThat(idsAndLengths(all.newEncoder(false), "éüab車é"))
        .containsExactly(List.of(1, 3, 1), List.of(4, 2, 5));
    assertThat(idsAndLengths(all.newEncoder(true), "aéü"))
        .containsExactly(List.of(0, 1), List.of(1, 4));
  }

  private static List<List<Integer>> idsAndLengths(BpeEncoder encoder, String pretoken) {
    byte[] text = pretoken.getBytes(StandardCharsets.UTF_8);
    IdBuffer ids = new IdBuffer(1);
    IdBuffer lengths = new IdBuffer(1);
    encoder.encodeWithLengths(text, 0, text.length, ids, lengths);
    return List.of(
        Arrays.stream(ids.toArray()).boxed().toList(),
        Arrays.stream(lengths.toArray()).boxed().toList());
  }

  @Test
  void fallsBackToBytesOnlyWhereAllOfTheCharacterExist() {
    List<Entry> v = entries("<unk>", "a", "<0xC3>", "<0xA9>", "b");
    Options fallback = new Options("<unk>", null, null, true, true, false);
    assertThat(ids(v, List.of(), fallback, "aéb")).containsExactly(1, 2, 3, 4);
    assertThat(ids(v, List.of(), fallback, "aüb")).containsExactly(1, 0, 4);
  }

  @Test
  void putsAPendingUnknownTokenAfterTheBytesOfTheNextCharacterAsHfDoes() {
    List<Entry> v = entries("<unk>", "a", "<0xC3>", "<0xA9>");
    Options fallback = new Options("<unk>", null, null, true, true, false);
    assertThat(ids(v, List.of(), fallback, "üéa")).containsExactly(2, 3, 0, 1);
  }

  @Test
  void addsPrefixAndSuffixToCharacters() {
    List<Entry> v = entries("a", "##a", "##b", "##b</w>", "a##b", "ab", "aab</w>", "##ab</w>");
    Options affixes = new Options(null, "##", "</w>", false, false, false);
    assertThat(ids(v, List.of("##a", "##b</w>", "a", "##ab</w>"), affixes, "aab"))
        .containsExactly(6);
    assertThat(ids(v, List.of("a", "##b"), affixes, "abab")).containsExactly(5, 1, 3);
  }

  @Test
  void equalsItsTwinOnRandomModels() {
    long seed = Seeds.next();
    Random random = new Random(seed);
    for (int round = 0; round < Seeds.cases(4_000); round++) {
      Options options = randomOptions(random);
      List<String> alphabet = random.nextBoolean() ? LETTERS : List.of("a", "é", "車", "🌲");
      RandomBpe bpe = new RandomBpe(random, alphabet, options);
      PlainBpe plain = bpe.plain();
      ModelWays ways = new ModelWays(bpe.model(), false);
      for (int i = 0; i < 12; i++) {
        // Now and then more than are looked up one by one, and more than are touched ahead.
        int most = i < 10 ? 3 : round % 50 == 0 ? 1_100 : 40;
        String[] pretokens = new String[1 + random.nextInt(most)];
        List<Integer> expected = new ArrayList<>();
        for (int k = 0; k < pretokens.length; k++) {
          pretokens[k] = bpe.text(random, 1 + random.nextInt(random.nextInt(8) == 0 ? 100 : 12));
          expected.addAll(plain.ids(pretokens[k]));
        }
        String what = "seed %d round %d %s on %s";
        what = what.formatted(seed, round, bpe, Arrays.toString(pretokens));
        ways.check(expected, what, pretokens);
        byte[] first = pretokens[0].getBytes(StandardCharsets.UTF_8);
        ways.checkLengths(plain.lengths(pretokens[0], false), what, first);
      }
    }
  }

  /** Their symbols are characters, one a byte, since bytes without a token may be dropped. */
  @Test
  void equalsItsTwinOnRandomByteLevelModelsThatLackBytes() {
    long seed = Seeds.next();
    Random random = new Random(seed);
    for (int round = 0; round < Seeds.cases(1_000); round++) {
      RandomBpe bpe =
          new RandomBpe(random, List.of("Ġ", "a", "b", "Ã", "©"), randomOptions(random));
      PlainBpe plain = bpe.plain();
      ModelWays ways = new ModelWays(bpe.model(), true);
      for (int i = 0; i < 12; i++) {
        byte[][] pretokens = new byte[i < 6 ? 1 : 3][];
        List<Integer> expected = new ArrayList<>();
        for (int k = 0; k < pretokens.length; k++) {
          String text = bpe.text(random, 1 + random.nextInt(random.nextInt(8) == 0 ? 100 : 12));
          pretokens[k] = Objects.requireNonNull(ByteAlphabet.toBytes(text));
          expected.addAll(plain.ids(text));
          String what = "seed %d round %d %s on %s".formatted(seed, round, bpe, text);
          ways.checkLengths(plain.lengths(text, true), what, pretokens[k]);
        }
        ways.check(expected, "seed %d round %d %s".formatted(seed, round, bpe), pretokens);
      }
    }
  }

  private static List<Entry> allBytes() {
    List<Entry> bytes = new ArrayList<>();
    for (int b = 0; b < 256; b++) {
      bytes.add(new Entry(String.valueOf(ByteAlphabet.toChar(b)), b));
    }
    return bytes;
  }

  /** In a byte-level vocabulary "é" is the byte 0xE9, and the text "é" the tokens "Ã" and "©". */
  @Test
  void takesNoCharacterForTheByteThatItSpells() {
    BpeModel all = ListedModel.of(allBytes(), List.of(), Options.NONE);
    assertThat(ids(all.newEncoder(false), "é")).containsExactly(0xE9);
    assertThat(ids(all.newEncoder(true), "é")).containsExactly(0xC3, 0xA9);
    BpeModel some = ListedModel.of(entries("Ã", "©", "é", "©Ã"), List.of("©", "Ã"), Options.NONE);
    assertThat(ids(some.newEncoder(true), "éé")).containsExactly(0, 3, 1);
  }

  @Test
  void addsAffixesInByteLevelModelsAndBetweenCharactersThatNoTokenJoins() {
    List<Entry> bytes = allBytes();
    bytes.add(new Entry("a</w>", 300));
    Options suffix = new Options(null, null, "</w>", false, false, false);
    assertThat(ids(ListedModel.of(bytes, List.of(), suffix).newEncoder(true), "aa"))
        .containsExactly((int) 'a', 300);
    List<Entry> v = entries("é", "ü", "##é", "##ü");
    Options prefix = new Options(null, "##", null, false, false, false);
    assertThat(ids(v, List.of(), prefix, "éüé")).containsExactly(0, 3, 2);
  }

  @Test
  void addsPrefixAndSuffixOfAnyLength() {
    String prefix = "#".repeat(70);
    String suffix = "<".repeat(90);
    List<Entry> v = entries("a", prefix + "a", prefix + "a" + suffix, "a" + suffix);
    Options affixes = new Options(null, prefix, suffix, false, false, false);
    assertThat(ids(v, List.of(), affixes, "aaa")).containsExactly(0, 1, 2);
    assertThat(ids(v, List.of(), affixes, "a")).containsExactly(3);
  }

  private static Options randomOptions(Random random) {
    return new Options(
        random.nextInt(3) == 0 ? "<unk>" : null,
        random.nextInt(4) == 0 ? "##" : random.nextInt(4) == 0 ? "" : null,
        random.nextInt(4) == 0 ? "</w>" : random.nextInt(4) == 0 ? "" : null,
        random.nextBoolean(),
        random.nextInt(3) == 0,
        random.nextInt(3) == 0);
  }

  @Test
  void readsTheLastPretokensOfAnArrayWithoutReadingBeyond() {
    BpeModel model = ListedModel.of(entries("a", "aa", "aaaa"), List.of("a", "a"), Options.NONE);
    for (int length = 1; length <= 40; length++) {
      for (int after = 0; after <= 17; after++) {
        byte[] text = new byte[length + after];
        Arrays.fill(text, (byte) 'b');
        Arrays.fill(text, 0, length, (byte) 'a');
        IdBuffer out = new IdBuffer(1);
        BpeEncoder encoder = model.newEncoder(false);
        encoder.encode(text, 0, new int[] {length}, 1, out);
        encoder.encode(text, 0, new int[] {length}, 1, out);
        int[] once = new int[(length + 1) / 2];
        Arrays.fill(once, 1);
        if (length % 2 == 1) {
          once[once.length - 1] = 0;
        }
        assertThat(Arrays.copyOf(out.toArray(), once.length)).isEqualTo(once);
        assertThat(Arrays.copyOfRange(out.toArray(), once.length, out.size())).isEqualTo(once);
      }
    }
  }
}
