package org.merganser.tokenizer.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.merganser.Seeds;
import org.merganser.bpe.IdBuffer;
import org.merganser.bpe.encode.BpeModel;
import org.merganser.bpe.encode.ListedModel;
import org.merganser.text.pretokenize.PreTokenizerSpec;
import org.merganser.tokenizer.Encoder;
import org.merganser.tokenizer.HfTokenizer;
import org.merganser.tokenizer.SpecialText;
import org.merganser.tokenizer.Tokenizer;
import org.merganser.tokenizer.UnencodableException;
import org.merganser.tokenizer.parts.AddedToken;
import org.merganser.tokenizer.parts.FileVersion;
import org.merganser.tokenizer.parts.PostProcessor;
import org.merganser.tokenizer.parts.TokenizerException;
import org.merganser.tokenizer.parts.TokenizerParts;

/** Text without the tokens that are gone keeps its ids, and no other token had to stay. */
final class VocabularyTrimTest {

  /** A random set of tokens, sparse or dense. */
  private static BitSet some(Random random, Tokenizer tokenizer) {
    BitSet wanted = new BitSet();
    int one = 1 + random.nextInt(4);
    for (int id = 0; id < tokenizer.idBound(); id++) {
      wanted.set(id, random.nextInt(one) == 0);
    }
    return wanted;
  }

  private static int[] ids(Encoder encoder, String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    IdBuffer ids = new IdBuffer(16);
    try {
      encoder.encode(utf8, 0, utf8.length, ids);
    } catch (UnencodableException e) {
      return new int[] {-1};
    }
    return ids.toArray();
  }

  private static int[] renumbered(int[] ids, TrimmedVocabulary trimmed) {
    int[] newIds = trimmed.newIds();
    return Arrays.stream(ids).map(id -> id < 0 ? id : newIds[id]).toArray();
  }

  private static boolean isKept(int[] ids, BitSet removed) {
    return Arrays.stream(ids).noneMatch(id -> id >= 0 && removed.get(id));
  }

  @Test
  void allShortTextsWithoutTheTokensThatAreGoneKeepTheirIds() {
    long seed = Seeds.next();
    Random random = new Random(seed);
    int removed = 0;
    long[] texts = new long[2];
    for (int round = 0; round < 100; round++) {
      Tokenizer tokenizer = TinyTokenizers.random(random);
      TrimmedVocabulary trimmed = new VocabularyTrim(tokenizer).without(some(random, tokenizer));
      BitSet gone = trimmed.removed();
      removed += gone.cardinality();
      Encoder old = tokenizer.newEncoder(SpecialText.TEXT);
      Encoder now = trimmed.tokenizer().newEncoder(SpecialText.TEXT);
      String what = "seed %d, round %d, without %s".formatted(seed, round, gone);
      TinyTokenizers.forEachText(
          5,
          text -> {
            int[] before = ids(old, text);
            texts[0]++;
            if (isKept(before, gone)) {
              int[] after = ids(now, text);
              if (!Arrays.equals(after, renumbered(before, trimmed))) {
                throw new AssertionError(what + ": " + text + " has " + Arrays.toString(after));
              }
              texts[1]++;
            }
          });
    }
    System.out.printf("%d tokens gone, %d of %d texts without them%n", removed, texts[1], texts[0]);
    assertThat(removed).isGreaterThan(200);
    assertThat(texts[1]).isGreaterThan(texts[0] / 10).isLessThan(texts[0]);
  }

  @Test
  void hfReadsTheFileAndGivesTheSameIds() {
    long seed = Seeds.next();
    Random random = new Random(seed);
    int[] compared = new int[1];
    for (int round = 0; round < 30; round++) {
      Tokenizer tokenizer = TinyTokenizers.random(random);
      TrimmedVocabulary trimmed = new VocabularyTrim(tokenizer).without(some(random, tokenizer));
      byte[] json = trimmed.tokenizer().toJson();
      Tokenizer read = Tokenizer.read(json, "trimmed.json");
      assertThat(read.toJson()).isEqualTo(json);
      assertThat(read.warnings()).isEmpty();
      try (HfTokenizer old = new HfTokenizer(tokenizer.toJson());
          HfTokenizer now = new HfTokenizer(json)) {
        TinyTokenizers.forEachText(
            4,
            text -> {
              int[] before = old.encode(text);
              if (isKept(before, trimmed.removed())) {
                assertThat(now.encode(text)).isEqualTo(renumbered(before, trimmed));
                compared[0]++;
              }
            });
      }
    }
    assertThat(compared[0]).isGreaterThan(1_000);
  }

  @Test
  void onlyAddedTokensBytesAndStepsToWhatStaysMustStay() {
    long seed = Seeds.next();
    Random random = new Random(seed);
    int stayed = 0;
    for (int round = 0; round < 100; round++) {
      Tokenizer tokenizer = TinyTokenizers.random(random);
      if (tokenizer.model().options().byteFallback()) {
        continue; // a token may be merged from byte tokens, which its text does not tell
      }
      BitSet wanted = some(random, tokenizer);
      VocabularyTrim trim = new VocabularyTrim(tokenizer);
      BitSet gone = trim.without(wanted).removed();
      BitSet steps = new BitSet();
      for (int id = 0; id < tokenizer.model().idBound(); id++) {
        if (!gone.get(id) && tokenizer.model().token(id) != null) {
          naiveSteps(tokenizer.model(), id).stream().forEach(steps::set);
        }
      }
      for (int id = wanted.nextSetBit(0); id >= 0; id = wanted.nextSetBit(id + 1)) {
        if (gone.get(id)) {
          assertThat(steps.get(id)).as("seed %d, round %d: %d", seed, round, id).isFalse();
        } else if (trim.reason(id).contains("is merged from it")) {
          assertThat(steps.get(id)).as("seed %d, round %d: %d", seed, round, id).isTrue();
          stayed++;
        } else {
          assertThat(trim.reason(id)).containsAnyOf("added token", "a byte or the unknown token");
        }
      }
    }
    assertThat(stayed).isGreaterThan(50);
  }

  /** What merging the text of a token by the textbook goes through, where it ends in the token. */
  private static BitSet naiveSteps(BpeModel model, int id) {
    String token = String.valueOf(model.token(id));
    List<Integer> state = new ArrayList<>();
    token.codePoints().forEach(c -> state.add(model.id(Character.toString(c))));
    BitSet steps = new BitSet();
    if (state.contains(-1)) {
      return steps;
    }
    while (true) {
      int best = -1;
      int at = -1;
      for (int i = 0; i + 1 < state.size(); i++) {
        for (int rank = model.mergeCount() - 1; rank >= 0; rank--) {
          if (model.mergeLeft(rank) == state.get(i) && model.mergeRight(rank) == state.get(i + 1)) {
            if (best < 0 || rank < best) {
              best = rank;
              at = i;
            }
            break; // of a pair that is given twice the last rank counts
          }
        }
      }
      if (best < 0) {
        return state.size() == 1 && state.get(0) == id ? steps : new BitSet();
      }
      steps.set(state.get(at));
      steps.set(state.get(at + 1));
      state.set(at, model.mergeResult(best));
      state.remove(at + 1);
    }
  }

  @Test
  void leavesSoManyTokensTheLastLearnedFirst() {
    Random random = new Random(Seeds.next());
    Tokenizer tokenizer = TinyTokenizers.random(random);
    while (!tokenizer.byteLevel() || tokenizer.model().size() < 266) {
      tokenizer = TinyTokenizers.random(random);
    }
    int all = (int) tokens(tokenizer);
    for (int left = all; left > all - 5; left--) {
      TrimmedVocabulary trimmed = new VocabularyTrim(tokenizer).leaving(left, id -> 0);
      assertThat(tokens(trimmed.tokenizer())).isEqualTo(left);
    }
    Tokenizer full = tokenizer;
    assertThatThrownBy(() -> new VocabularyTrim(full).leaving(200, id -> 0))
        .isInstanceOf(TokenizerException.class)
        .hasMessageContaining("200 tokens cannot be left of " + all)
        .hasMessageContaining("stay in any case");
  }

  private static long tokens(Tokenizer tokenizer) {
    return IntStream.range(0, tokenizer.idBound())
        .filter(id -> tokenizer.token(id) != null)
        .count();
  }

  /** The merges are a b, c d, ab cd; the ids a, b, c, d, ab, cd, abcd, and an added token after. */
  private static Tokenizer abcd(BpeModel.Options options) {
    List<ListedModel.Entry> entries = new ArrayList<>();
    for (String token : List.of("a", "b", "c", "d", "ab", "cd", "abcd", "x")) {
      entries.add(new ListedModel.Entry(token, entries.size()));
    }
    PostProcessor template =
        new PostProcessor.Template(
            List.of(
                new PostProcessor.Piece(new PostProcessor.Reference("<s>", 0), null),
                new PostProcessor.Piece(null, new PostProcessor.Reference("A", 0))),
            List.of(),
            new TreeMap<>(
                Map.of("<s>", new PostProcessor.SpecialToken("<s>", List.of(8), List.of("<s>")))));
    return new Tokenizer(
        new TokenizerParts(
            FileVersion.V1,
            List.of(AddedToken.special(8, "<s>")),
            null,
            new PreTokenizerSpec.WhitespaceSplit(),
            ListedModel.of(entries, List.of("a", "b", "c", "d", "ab", "cd"), options),
            template,
            null,
            null,
            null,
            false,
            List.of()),
        "abcd");
  }

  private static BitSet set(int... ids) {
    BitSet set = new BitSet();
    Arrays.stream(ids).forEach(set::set);
    return set;
  }

  @Test
  void aTokenThatIsMergedOnStaysUnlessAllThatIsMergedFromItGoes() {
    VocabularyTrim alone = new VocabularyTrim(abcd(BpeModel.Options.NONE));
    assertThat(alone.without(set(4)).removed()).isEqualTo(set());
    assertThat(alone.reason(4)).isEqualTo("token #6, abcd, is merged from it and stays");
    TrimmedVocabulary both = new VocabularyTrim(abcd(BpeModel.Options.NONE)).without(set(4, 6, 8));
    assertThat(both.removed()).isEqualTo(set(4, 6)); // an added token stays
    assertThat(both.newIds()).containsExactly(0, 1, 2, 3, -1, 4, -1, 5, 6);
    assertThat(both.oldIds()).containsExactly(0, 1, 2, 3, 5, 7, 8);
    assertThat(both.tokenizer().encode("cd ab")).containsExactly(4, 0, 1);
    assertThat(both.tokenizer().newTextEncoder(SpecialText.PARSE, true).encode("x"))
        .containsExactly(6, 5);
  }

  @Test
  void aSecondCallRemovesWhatOneCallForBothWouldHaveRemoved() {
    long seed = Seeds.next();
    Random random = new Random(seed);
    int removedLater = 0;
    for (int round = 0; round < 100; round++) {
      Tokenizer tokenizer = TinyTokenizers.random(random);
      BitSet first = some(random, tokenizer);
      BitSet both = some(random, tokenizer);
      both.or(first);
      VocabularyTrim trim = new VocabularyTrim(tokenizer);
      int before = trim.without(first).removed().cardinality();
      BitSet gone = trim.without(both).removed();
      assertThat(gone)
          .as("seed %d, round %d: %s, then %s", seed, round, first, both)
          .isEqualTo(new VocabularyTrim(tokenizer).without(both).removed());
      removedLater += gone.cardinality() - before;
    }
    assertThat(removedLater).isGreaterThan(50);
  }

  @Test
  void leavesSoManyTokensAfterAnotherCallToo() {
    VocabularyTrim trim = new VocabularyTrim(abcd(BpeModel.Options.NONE));
    trim.without(set(6));
    TrimmedVocabulary trimmed = trim.leaving(6, id -> 0);
    assertThat(trimmed.removed()).isEqualTo(set(5, 6, 7)); // x is not learned, cd was learned last
    assertThat(tokens(trimmed.tokenizer())).isEqualTo(6);
  }

  @Test
  void removesNothingIfMoreTokensMustStay() {
    VocabularyTrim trim = new VocabularyTrim(abcd(BpeModel.Options.NONE));
    assertThatThrownBy(() -> trim.leaving(0, id -> 0)).isInstanceOf(TokenizerException.class);
    assertThat(trim.without(set()).removed()).isEqualTo(set());
    assertThat(trim.without(set(4)).removed()).isEqualTo(set());
  }

  @Test
  void aTokenThatThePostProcessorOrThePaddingNamesStays() {
    Tokenizer abcd = abcd(BpeModel.Options.NONE);
    PostProcessor.Framing sep = new PostProcessor.Framing("x", 7);
    PostProcessor.Framing cls = new PostProcessor.Framing("<s>", 8);
    ObjectNode padding = JsonNodeFactory.instance.objectNode().put("pad_id", 6);
    TokenizerParts parts = abcd.parts();
    Tokenizer naming =
        new Tokenizer(
            new TokenizerParts(
                parts.fileVersion(),
                parts.addedTokens(),
                parts.normalizer(),
                parts.preTokenizer(),
                parts.model(),
                new PostProcessor.Sequence(List.of(new PostProcessor.Bert(sep, cls))),
                parts.decoder(),
                parts.truncation(),
                padding,
                parts.zeroDropout(),
                List.of()),
            "naming");
    VocabularyTrim trim = new VocabularyTrim(naming);
    TrimmedVocabulary trimmed = trim.without(set(4, 5, 6, 7));
    assertThat(trimmed.removed()).isEqualTo(set());
    assertThat(trim.reason(7)).contains("post-processor");
    assertThat(trimmed.tokenizer().newTextEncoder(SpecialText.PARSE, true).encode("a"))
        .containsExactly(8, 0, 7);
  }

  @Test
  void refusesAffixes() {
    BpeModel.Options affixes = new BpeModel.Options(null, null, "</w>", false, false, false);
    assertThatThrownBy(() -> new VocabularyTrim(abcd(affixes)))
        .isInstanceOf(TokenizerException.class)
        .hasMessageContaining("end_of_word_suffix");
  }
}
