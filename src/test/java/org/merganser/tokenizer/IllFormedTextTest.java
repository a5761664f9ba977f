package org.merganser.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.merganser.Seeds;
import org.merganser.bpe.IdBuffer;
import org.merganser.bpe.count.PretokenCounts;
import org.merganser.text.NastyText;
import org.merganser.text.pretokenize.PreTokenizerSpec;
import org.merganser.text.regex.DfaMatcher;
import org.merganser.text.regex.RegexLimitException;
import org.merganser.text.regex.TextPattern;
import org.merganser.text.scan.SplitPattern;
import org.merganser.text.unicode.Utf8;
import org.merganser.tokenizer.parts.TokenizerException;

/** Bytes that are not UTF-8, given to what takes UTF-8: ids or a clear error, and no harm. */
final class IllFormedTextTest {
  private static final String AUTOMATON = "(?:%s)|\\p{N}{2}";
  private static final String BACKTRACKING = "(?:%s)|(?<=ab)c";

  @Test
  void theDisguisesOfFamiliesDoWhatTheyAreNamedFor() {
    for (SplitPattern pattern : SplitPattern.values()) {
      for (String regex : pattern.regexes()) {
        assertThat(new TextPattern.Regex(AUTOMATON.formatted(regex)).newMatcher())
            .isInstanceOf(DfaMatcher.class);
        assertThat(new TextPattern.Regex(BACKTRACKING.formatted(regex)).newMatcher())
            .isNotInstanceOf(DfaMatcher.class);
      }
    }
  }

  /** A tokenizer for each family, on its scanner, on the automaton and by backtracking. */
  private static Map<String, TestTokenizers> families() {
    Map<String, TestTokenizers> all = new LinkedHashMap<>(EncodingOracleTest.tokenizers());
    for (SplitPattern pattern : SplitPattern.values()) {
      all.put("scanner of " + pattern, split(pattern, "%s"));
      all.put("automaton of " + pattern, split(pattern, AUTOMATON));
      all.put("backtracking of " + pattern, split(pattern, BACKTRACKING));
    }
    return all;
  }

  private static TestTokenizers split(SplitPattern pattern, String around) {
    StringBuilder parts = new StringBuilder();
    for (String regex : pattern.regexes()) {
      String disguised = around.formatted(regex);
      parts.append("{'type':'Split','pattern':{'Regex':'");
      parts.append(disguised.replace("\\", "\\\\").replace("'", "\\u0027").replace("\"", "\\\""));
      parts.append("'},'behavior':'Isolated','invert':false},");
    }
    return TestTokenizers.bytes()
        .with(
            "pre_tokenizer",
            "{'type':'Sequence','pretokenizers':["
                + parts
                + TestTokenizers.PLAIN_BYTE_LEVEL
                + "]}");
  }

  private static byte[] document(Random random) {
    byte[] document =
        NastyText.forTokenizers(random, random.nextInt(40)).getBytes(StandardCharsets.UTF_8);
    if (random.nextInt(8) == 0) {
      random.nextBytes(document);
    }
    for (int k = random.nextInt(4); k > 0 && document.length > 0; k--) {
      document[random.nextInt(document.length)] = (byte) (0x80 + random.nextInt(0x80));
    }
    return Arrays.copyOf(document, random.nextInt(document.length + 1));
  }

  @Test
  void aTextThatEndsInsideACharacterIsRefusedWhateverFollows() {
    for (Map.Entry<String, TestTokenizers> family : families().entrySet()) {
      Encoder encoder = family.getValue().build().newEncoder(SpecialText.PARSE);
      IdBuffer ids = new IdBuffer(64);
      for (String character : new String[] {"é", "\u2028", "\u3000", "中", "٣", "😀"}) {
        byte[] text = ("x " + character + character + " y").getBytes(StandardCharsets.UTF_8);
        int length = character.getBytes(StandardCharsets.UTF_8).length;
        for (int to = 3 + length; to < 2 + 2 * length; to++) {
          for (byte[] in : new byte[][] {text, Arrays.copyOf(text, to), Arrays.copyOf(text, 99)}) {
            int end = to;
            String message = "the text is not UTF-8 at byte " + (2 + length) + " ";
            assertThatThrownBy(() -> encoder.encode(in, 0, end, ids))
                .as(family.getKey() + ", " + character)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message)
                .hasMessageEndingWith("encodeBytes takes any bytes");
            assertThatThrownBy(() -> encoder.count(in, 0, end)).hasMessageStartingWith(message);
          }
        }
      }
      assertThat(ids.size()).isZero();
    }
  }

  @Test
  void randomBytesGiveTrainingPretokensOrAClearError() {
    Random random = new Random(Seeds.next());
    for (SplitPattern pattern : SplitPattern.values()) {
      PreTokenizerSpec split =
          new PreTokenizerSpec.Split(
              new TextPattern.Regex(pattern.regexes().get(0)),
              PreTokenizerSpec.Behavior.ISOLATED,
              false);
      TrainingPretokenizer pretokenizer = new TrainingPretokenizer(null, split, List.of());
      PretokenCounts counts = new PretokenCounts();
      for (int d = 0; d < Seeds.cases(4000); d++) {
        byte[] bytes = document(random);
        try {
          pretokenizer.split(bytes, 0, bytes.length, counts::addAll);
        } catch (IllegalArgumentException documented) {
          assertThat(Utf8.firstIllFormed(bytes, 0, bytes.length)).isNotNegative();
        }
      }
      assertThat(counts.distinct()).isPositive();
    }
  }

  @Test
  void randomBytesGiveIdsOrAClearErrorWithEveryTokenizer() {
    long seed = Seeds.next();
    Random random = new Random(seed);
    for (Map.Entry<String, TestTokenizers> family : families().entrySet()) {
      check(seed + ", " + family.getKey(), family.getValue().build(), random, Seeds.cases(4000));
    }
  }

  /**
   * The last byte and the zero after it would be U+0700, a punctuation mark of two bytes. What is
   * left after it must not become a pretoken that begins after its end; a vocabulary would notice
   * that if it has an entry where it looks, so there are several.
   */
  @Test
  void aMatchThatEndsAfterTheTextIsTheLastPretoken() {
    byte[] bytes = Arrays.copyOf(HexFormat.of().parseHex("9d929c"), 64);
    for (int n = 0; n < 40; n++) {
      String vocabulary = "{'<unk>':0,'a%1$s':1,'b%1$s':2,'c%1$s':3}".formatted(n);
      Tokenizer tokenizer =
          TestTokenizers.characters()
              .model("vocab", vocabulary)
              .model("merges", "[]")
              .model("ignore_merges", "true")
              .with("pre_tokenizer", "{'type':'Punctuation','behavior':'Isolated'}")
              .build();
      IdBuffer ids = new IdBuffer(4);
      tokenizer.newEncoder(SpecialText.PARSE).encode(bytes, 0, 3, ids);
      assertThat(ids.toArray()).containsOnly(0);
    }
  }

  @Test
  void randomBytesGiveIdsOrAClearErrorWithRandomComponents() {
    long seed = Seeds.next();
    Random random = new Random(seed);
    for (int t = 0; t < Seeds.cases(400); t++) {
      TestTokenizers file = EncodingOracleTest.randomTokenizer(random);
      Tokenizer tokenizer;
      try {
        tokenizer = file.build();
      } catch (TokenizerException e) {
        continue; // of two tokens alike after normalization
      }
      check("seed " + seed + ", " + file.withoutModel(), tokenizer, random, 100);
    }
  }

  private static void check(String name, Tokenizer tokenizer, Random random, int documents) {
    Encoder encoder = tokenizer.newEncoder(SpecialText.PARSE);
    IdBuffer ids = new IdBuffer(64);
    byte[] good = NastyText.all().getBytes(StandardCharsets.UTF_8);
    encoder.encode(good, 0, good.length, ids);
    int[] expected = ids.toArray();
    for (int d = 0; d < documents; d++) {
      byte[] bytes = document(random);
      int from = Math.min(random.nextInt(3), bytes.length);
      int to = bytes.length - Math.min(random.nextInt(3), bytes.length - from);
      String text = name + ": " + HexFormat.of().formatHex(bytes) + " " + from + " " + to;
      ids.clear();
      ids.add(7);
      boolean refused = false;
      try {
        encoder.encode(bytes, from, to, ids);
      } catch (UnencodableException | RegexLimitException documented) {
        refused = true;
      } catch (IllegalArgumentException documented) {
        refused = true;
        assertThat(Utf8.firstIllFormed(bytes, from, to)).as(text).isNotNegative();
        assertThat(documented).as(text).hasMessageContaining("UTF-8");
      } catch (RuntimeException e) {
        throw new AssertionError(text, e);
      }
      if (refused) {
        assertThat(ids.toArray()).as(text).containsExactly(7);
      }
      try {
        encoder.count(bytes, from, to);
      } catch (UnencodableException | RegexLimitException documented) {
        refused = true;
      } catch (IllegalArgumentException documented) {
        assertThat(Utf8.firstIllFormed(bytes, from, to)).as(text).isNotNegative();
      } catch (RuntimeException e) {
        throw new AssertionError(text, e);
      }
    }
    ids.clear();
    encoder.encode(good, 0, good.length, ids);
    assertThat(ids.toArray()).as(name).isEqualTo(expected);
  }
}
