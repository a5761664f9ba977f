package org.merganser.text.scan;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.merganser.Seeds;
import org.merganser.text.HfOracle;
import org.merganser.text.NastyText;
import org.merganser.text.pretokenize.PreTokenizerSpec;
import org.merganser.text.pretokenize.PreTokenizerSpec.Behavior;
import org.merganser.text.pretokenize.PreTokenizerSpec.ByteLevel;
import org.merganser.text.pretokenize.PreTokenizerSpec.Sequence;
import org.merganser.text.pretokenize.PreTokenizerSpec.Split;
import org.merganser.text.regex.TextPattern;
import org.merganser.text.unicode.UnicodeCategories;

/**
 * The scanners against HF's Rust library.
 *
 * <p>DJL's library carries Unicode 16, as we do: no code point differs.
 */
class HfSplitTest {
  private static final long SEED = Seeds.next();

  @ParameterizedTest
  @EnumSource
  @Tag("random")
  void randomDocumentsAreCutAsHfCutsThem(SplitPattern pattern) {
    System.out.println("seed " + SEED);
    assertDocumentsEqual(pattern, Seeds.cases(1_700));
  }

  /** Long runs of one category are told by their ends and some between. */
  @ParameterizedTest
  @EnumSource
  void scalarValuesOfEveryRunOfACategoryAreCutAsHfCutsThem(SplitPattern pattern) {
    List<Integer> some = new ArrayList<>();
    int run = 0;
    for (int c = 0; c < UnicodeCategories.CODE_POINTS; c++) {
      boolean first = c == 0 || !UnicodeCategories.name(c).equals(UnicodeCategories.name(c - 1));
      run = first ? 0 : run + 1;
      boolean last =
          c + 1 == UnicodeCategories.CODE_POINTS
              || !UnicodeCategories.name(c).equals(UnicodeCategories.name(c + 1));
      if (run < 20 || last || run % 997 == 0) {
        some.add(c);
      }
    }
    assertScalarValuesEqual(pattern, some);
  }

  @ParameterizedTest
  @EnumSource
  @Tag("soak")
  void everyScalarValueIsCutAsHfCutsIt(SplitPattern pattern) {
    List<Integer> all = new ArrayList<>();
    for (int c = 0; c < UnicodeCategories.CODE_POINTS; c++) {
      all.add(c);
    }
    assertScalarValuesEqual(pattern, all);
  }

  /** Alone, between letters, after a space, and after an apostrophe where it may fold. */
  private static void assertScalarValuesEqual(SplitPattern pattern, List<Integer> codePoints) {
    try (HfOracle hf = hf(pattern)) {
      StringBuilder text = new StringBuilder();
      int first = 0;
      for (int i = 0; i < codePoints.size(); i++) {
        int c = codePoints.get(i);
        if (c < 0xD800 || c > 0xDFFF) {
          String s = Character.toString(c);
          text.append("\n1").append(s).append("1a").append(s).append("b1 ").append(s);
          text.append("1e'").append(s).append("x");
        }
        if (text.length() > 4_000 || i + 1 == codePoints.size()) {
          assertLikeHf(
              hf, pattern, text.toString(), "from U+%04X".formatted(codePoints.get(first)));
          text.setLength(0);
          first = i + 1;
        }
      }
    }
  }

  private static void assertDocumentsEqual(SplitPattern pattern, int documents) {
    Random random = new Random(SEED);
    try (HfOracle hf = hf(pattern)) {
      for (int round = 0; round < documents; round++) {
        String text = NastyText.forSplits(random, 40);
        assertLikeHf(hf, pattern, text, "seed " + SEED + " round " + round);
      }
    }
  }

  private static void assertLikeHf(
      HfOracle hf, SplitPattern pattern, String text, String description) {
    byte[] bytes = text.getBytes(UTF_8);
    // Room after the text, so that whole blocks can be read.
    byte[] inside = Arrays.copyOf(bytes, bytes.length + 64);
    List<String> pretokens = new ArrayList<>();
    int start = 0;
    for (int end : PretokenScannerTest.scan(pattern, inside, 0, bytes.length, 4096)) {
      pretokens.add(new String(bytes, start, end - start, ISO_8859_1));
      start = end;
    }
    List<String> expected = hf.pretokens(text);
    if (!pretokens.equals(expected)) {
      assertThat(pretokens)
          .as("%s %s text %s", pattern, description, PretokenScannerTest.escape(text))
          .isEqualTo(expected);
    }
  }

  private static HfOracle hf(SplitPattern pattern) {
    if (pattern == SplitPattern.GPT2) {
      return HfOracle.of(new ByteLevel(false, false, true));
    }
    return HfOracle.of(
        new Sequence(
            pattern.regexes().stream()
                .<PreTokenizerSpec>map(
                    regex -> new Split(new TextPattern.Regex(regex), Behavior.ISOLATED, false))
                .toList()));
  }
}
