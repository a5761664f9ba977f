package org.merganser.text.scan;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.merganser.Seeds;
import org.merganser.text.NastyText;
import org.merganser.text.unicode.ComponentClasses;
import org.merganser.text.unicode.UnicodeCategories;

/** Patterns that differ from a family's in small things, against java.util.regex. */
class SplitPatternVariantsTest {
  private static final long SEED = Seeds.next();

  /** What the rules treat apart. */
  private static final String[] PIECES = {
    "'s", "'S", "'ll", "'LL'd", "'ſ", "'", "/", "\n", "\r\n/", " ", "  ", "\t", "a", "Ab", "aB",
    "é", "中", "\u0301", "ʰ", "ǅ", "1", "12", "1234567", "２", "²", "!", " !", "(a", "\u00A0", "€"
  };

  @Test
  void theFamiliesAreAmongThem() {
    for (SplitPattern pattern : SplitPattern.values()) {
      if (pattern != SplitPattern.DEEPSEEK3) {
        assertThat(SplitPatternVariants.of(pattern.regex()).map(SplitPatternVariants::regex))
            .contains(pattern.regex());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 9, Integer.MAX_VALUE})
  void allAreKnownByTheirRegexesAndCutAsThese(int maxNumber) {
    Random random = new Random(SEED);
    List<SplitPatternRules> all = SplitPatternVariants.all(maxNumber);
    assertThat(all.stream().map(SplitPatternVariants::regex)).doesNotHaveDuplicates();
    for (SplitPatternRules rules : all) {
      String regex = SplitPatternVariants.regex(rules);
      assertThat(SplitPatternVariants.of(regex)).as(regex).contains(rules);
      RegexTwin twin = new RegexTwin(regex);
      PatternScanner scanner = new PatternScanner(rules);
      for (int round = 0; round < 160; round++) {
        String text = text(random, round);
        int[] expected = twin.ends(text);
        assertCut(scanner, text, expected, regex + " seed " + SEED + " round " + round);
      }
    }
  }

  @Test
  void digitsAreCutOutBeforeTheRestIsCutAsGpt2Does() {
    Random random = new Random(SEED);
    RegexTwin twin = new RegexTwin(SplitPattern.GPT2);
    int[] numbers =
        IntStream.range(0, UnicodeCategories.CODE_POINTS)
            .filter(c -> UnicodeCategories.isNumber(c) != ComponentClasses.NUMERIC.contains(c))
            .toArray();
    assertThat(numbers).isNotEmpty();
    for (int round = 0; round < 6_000; round++) {
      StringBuilder text = new StringBuilder(text(random, round));
      for (int i = random.nextInt(4); i > 0; i--) {
        int at =
            text.offsetByCodePoints(0, random.nextInt(text.codePointCount(0, text.length()) + 1));
        String number = Character.toString(numbers[random.nextInt(numbers.length)]);
        text.insert(at, (random.nextBoolean() ? " " : "") + number);
      }
      assertCut(
          SplitPattern.digitsThenGpt2(),
          text.toString(),
          endsBetweenDigits(twin, text.toString()),
          "seed " + SEED + " round " + round);
    }
  }

  private static int[] endsBetweenDigits(RegexTwin twin, String text) {
    List<Integer> ends = new ArrayList<>();
    StringBuilder between = new StringBuilder();
    int at = 0;
    for (int c : text.codePoints().toArray()) {
      if (!ComponentClasses.NUMERIC.contains(c)) {
        between.appendCodePoint(c);
        continue;
      }
      at = add(twin, between, at, ends);
      at += Character.toString(c).getBytes(UTF_8).length;
      ends.add(at);
    }
    add(twin, between, at, ends);
    return ends.stream().mapToInt(end -> end).toArray();
  }

  /** Adds the ends in a piece at a place, empties it, and returns the place behind it. */
  private static int add(RegexTwin twin, StringBuilder piece, int at, List<Integer> ends) {
    String text = piece.toString();
    for (int end : twin.ends(text)) {
      ends.add(at + end);
    }
    piece.setLength(0);
    return at + text.getBytes(UTF_8).length;
  }

  private static String text(Random random, int round) {
    if (round % 3 == 0) {
      return NastyText.document(random, 40);
    }
    StringBuilder text = new StringBuilder("x".repeat(random.nextInt(round % 3 == 1 ? 1 : 64)));
    for (int i = random.nextInt(60); i > 0; i--) {
      text.append(PIECES[random.nextInt(PIECES.length)]);
    }
    return text.toString();
  }

  /** Where the text ends with its array, and where whole blocks can be read behind it. */
  private static void assertCut(
      PretokenScanner scanner, String text, int[] expected, String description) {
    byte[] bytes = text.getBytes(UTF_8);
    for (int more : new int[] {0, 64}) {
      byte[] inside = Arrays.copyOf(bytes, bytes.length + more);
      int[] ends = new int[bytes.length + 64];
      int count = scanner.scan(inside, 0, bytes.length, ends);
      if (!Arrays.equals(Arrays.copyOf(ends, count), expected)) {
        assertThat(PretokenScannerTest.pretokens(bytes, 0, Arrays.copyOf(ends, count)))
            .as("%s text %s", description, PretokenScannerTest.escape(text))
            .isEqualTo(PretokenScannerTest.pretokens(bytes, 0, expected));
      }
    }
  }
}
