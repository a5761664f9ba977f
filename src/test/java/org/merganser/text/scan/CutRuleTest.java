package org.merganser.text.scan;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.ibm.icu.text.Normalizer2;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.merganser.Seeds;
import org.merganser.text.NastyText;
import org.merganser.text.unicode.UnicodeCategories;

/** Law 10: any allowed cut gives the same pretokens as no cut. */
class CutRuleTest {
  private static final long SEED = Seeds.next();
  private static final Normalizer2 NFC = Normalizer2.getNFCInstance();
  private static final Normalizer2 NFD = Normalizer2.getNFDInstance();

  @ParameterizedTest
  @EnumSource
  void everyAllowedCutGivesThePretokensOfTheWhole(SplitPattern pattern) {
    System.out.println("seed " + SEED);
    Random random = new Random(SEED);
    int cuts = 0;
    for (int round = 0; round < 1_500; round++) {
      String document = NastyText.document(random, 20);
      byte[] text = document.getBytes(UTF_8);
      int[] whole = ends(pattern, document);
      for (int cut : allowedCuts(pattern, text)) {
        cuts++;
        String before = new String(text, 0, cut, UTF_8);
        String behind = new String(text, cut, text.length - cut, UTF_8);
        assertSame(whole, pattern, before, behind, round);
        for (Normalizer2 normalizer : List.of(NFC, NFD)) {
          String left = normalizer.normalize(before);
          String right = normalizer.normalize(behind);
          assertThat(left + right).isEqualTo(normalizer.normalize(document));
          assertSame(ends(pattern, left + right), pattern, left, right, round);
        }
      }
    }
    assertThat(cuts).isGreaterThan(2_000);
  }

  @ParameterizedTest
  @EnumSource
  void aCutIsRightWhateverStandsOnBothSides(SplitPattern pattern) {
    System.out.println("seed " + SEED);
    Random random = new Random(SEED);
    for (int round = 0; round < 1_500; round++) {
      String document = NastyText.document(random, 5);
      byte[] text = document.getBytes(UTF_8);
      String before = NastyText.document(random, 4);
      String behind = NastyText.document(random, 4);
      for (int cut : allowedCuts(pattern, text)) {
        String left = before + new String(text, 0, cut, UTF_8);
        String right = new String(text, cut, text.length - cut, UTF_8) + behind;
        assertSame(ends(pattern, left + right), pattern, left, right, round);
      }
    }
  }

  @Test
  void normalizationKeepsTheClassesThatTheRuleAsksFor() {
    for (int c = 0; c < UnicodeCategories.CODE_POINTS; c++) {
      if (c >= 0xD800 && c <= 0xDFFF) {
        continue;
      }
      boolean word = UnicodeCategories.isLetter(c) || UnicodeCategories.isNumber(c);
      for (Normalizer2 normalizer : List.of(NFC, NFD)) {
        String normal = normalizer.normalize(Character.toString(c));
        int first = normal.codePointAt(0);
        boolean kept =
            (!word || UnicodeCategories.isLetter(first) || UnicodeCategories.isNumber(first))
                && (UnicodeCategories.isWhiteSpace(c)
                    || normal.codePoints().noneMatch(UnicodeCategories::isWhiteSpace));
        assertThat(kept).as("U+%04X", c).isTrue();
      }
      String decomposition = NFC.getRawDecomposition(c);
      if (decomposition != null && NFC.isNormalized(Character.toString(c))) {
        int base = decomposition.codePointAt(0);
        boolean kept =
            base != '\n'
                && base != '\r'
                && (!UnicodeCategories.isLetter(base) || UnicodeCategories.isLetter(c));
        assertThat(kept).as("composite U+%04X", c).isTrue();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "GPT2, 'one two', 3",
    "GPT2, 'one\ntwo', 3",
    "GPT2, 'one\n\ntwo', 3",
    "GPT2, '中。\n中', 6",
    "QWEN2, 'one two', 3",
    "QWEN2, 'one\ntwo', 4",
    "QWEN2, 'one.\n  ', -1",
    "QWEN2, '中。\n中', 7",
    "QWEN2, 'one  ', 3",
    "QWEN2, '!  !', 1",
    "QWEN2, 'one.\n\n', -1",
    "QWEN2, 'one\n', 3",
    "O200K, 'a!\n/b', -1",
    "TEKKEN, 'a!\n/b', -1",
    "DEEPSEEK3, 'a\n1', 2",
    "CL100K, ' one', -1",
    "CL100K, 'oneTwo', -1"
  })
  void theLastAllowedCutIsFound(SplitPattern pattern, String text, int cut) {
    byte[] bytes = text.getBytes(UTF_8);
    assertThat(pattern.cutRule().lastCut(bytes, 0, bytes.length)).isEqualTo(cut);
  }

  @Test
  void aCharacterThatIsNotWholeYetIsNotJudged() {
    byte[] text = "a.\n中".getBytes(UTF_8);
    assertThat(SplitPattern.QWEN2.cutRule().lastCut(text, 0, 6)).isEqualTo(3);
    assertThat(SplitPattern.QWEN2.cutRule().lastCut(text, 0, 5)).isEqualTo(-1);
    assertThat(SplitPattern.QWEN2.cutRule().lastCut(text, 0, 4)).isEqualTo(-1);
  }

  private static List<Integer> allowedCuts(SplitPattern pattern, byte[] text) {
    List<Integer> cuts = new ArrayList<>();
    int to = text.length;
    int cut;
    while ((cut = pattern.cutRule().lastCut(text, 0, to)) > 0) {
      cuts.add(cut);
      to = cut;
    }
    return cuts;
  }

  private static void assertSame(
      int[] whole, SplitPattern pattern, String left, String right, int round) {
    int[] first = ends(pattern, left);
    int[] second = ends(pattern, right);
    int offset = left.getBytes(UTF_8).length;
    int[] parts = Arrays.copyOf(first, first.length + second.length);
    for (int i = 0; i < second.length; i++) {
      parts[first.length + i] = offset + second[i];
    }
    if (!Arrays.equals(parts, whole)) {
      assertThat(parts)
          .as(
              "%s seed %d round %d cut %s | %s",
              pattern,
              SEED,
              round,
              PretokenScannerTest.escape(left),
              PretokenScannerTest.escape(right))
          .isEqualTo(whole);
    }
  }

  private static int[] ends(SplitPattern pattern, String text) {
    byte[] bytes = text.getBytes(UTF_8);
    return PretokenScannerTest.scan(pattern, bytes, 0, bytes.length, bytes.length + 1);
  }
}
