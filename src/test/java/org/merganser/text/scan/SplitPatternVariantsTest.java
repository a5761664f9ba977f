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
    "'s",
    "'S",
    "'ll",
    "'LL'd",
    "'ſ",
    "'",
    "/",
    "\n",
    "\r\n/",
    " ",
    "  ",
    "\t",
    "a",
    "Ab",
    "aB",
    "é",
    "中",
    "\u0301",
    "ʰ",
    "ǅ",
    "1",
    "12",
    "1234567",
    "1234567890".repeat(7),
    "２",
    "²",
    "!",
    " !",
    "(a",
    "\u00A0",
    "€"
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
      PretokenScanner scanner = new PretokenScanner(rules);
      for (int round = 0; round < 100; round++) {
        String text = text(random, round);
        int[] expected = twin.ends(text);
        assertCut(scanner, text, expected, regex + " seed " + SEED + " round " + round);
      }
    }
  }

  @Test
  void aLookaheadThatAsksForSomethingElseIsNotKnown() {
    String cl100k = SplitPattern.CL100K.regex();
    String known = "|\\p{N}{1,3}(?=(?:\\p{N}{3})*(?!\\p{N}))|";
    assertThat(SplitPatternVariants.of(cl100k.replace("|\\p{N}{1,3}|", known))).isPresent();
    for (String other :
        new String[] {
          "|\\p{N}{1,3}(?=(?:\\p{N}{2})*(?!\\p{N}))|",
          "|\\p{N}{1,2}(?=(?:\\p{N}{3})*(?!\\p{N}))|",
          "|\\p{N}{1,3}(?=(?:\\p{N}{3})+(?!\\p{N}))|",
          "|\\p{N}{1,3}(?=(?:\\p{N}{3})*)|",
          "|\\p{N}{1,3}(?=(?:\\p{N}{3})*(?!\\d))|",
          "|\\p{N}{1,3}(?=(?:\\p{N}{3})*(?=\\P{N}))|",
          "|\\p{N}{1,3}(?=(?:\\p{N}{3})*$)|",
          "|\\p{N}{1,3}(?=(?:\\p{N}{3})*\\b)|",
          "|\\p{N}{1,3}(?=(?:\\d{3})*(?!\\p{N}))|",
          "|\\p{N}{1,3}?(?=(?:\\p{N}{3})*(?!\\p{N}))|",
          "|\\p{N}{1,3}(?!(?:\\p{N}{3})*(?!\\p{N}))|",
          "|\\d{1,3}(?=(?:\\p{N}{3})*(?!\\p{N}))|",
          "|\\p{N}+(?=(?:\\p{N}{3})*(?!\\p{N}))|",
          "|\\p{N}(?=(?:\\p{N}{1})*(?!\\p{N}))|"
        }) {
      String regex = cl100k.replace("|\\p{N}{1,3}|", other);
      assertThat(SplitPattern.scanner(List.of(regex))).as(regex).isEmpty();
    }
  }

  /** Ten million numbers: counting what is left anew for each would take hours. */
  @Test
  void aLongRunOfNumbersTakesTimeInProportion() {
    String regex =
        SplitPattern.CL100K.regex().replace("{1,3}", "{1,3}(?=(?:\\p{N}{3})*(?!\\p{N}))");
    PretokenScanner scanner = SplitPattern.scanner(List.of(regex)).orElseThrow();
    byte[] text = new byte[10_000_000];
    Arrays.fill(text, (byte) '7');
    int[] ends = new int[512];
    int last = 0;
    for (int at = 0; at < text.length; ) {
      int count = scanner.scan(text, 0, at, text.length, ends);
      for (int i = 0; i < count; i++) {
        if (ends[i] - last != (last == 0 ? 1 : 3)) {
          assertThat(ends[i]).as("after %d", last).isEqualTo(last + 3);
        }
        last = ends[i];
      }
      at = last;
    }
  }

  @Test
  void aTableFilledByRunsHasTheFlagsOfEachCodePoint() {
    List<SplitPatternRules> all = new ArrayList<>(SplitPatternVariants.all(3));
    all.add(SplitPatternRules.DEEPSEEK3);
    all.add(SplitPatternRules.DIGITS_GPT2);
    for (SplitPatternRules rules : all) {
      byte[] table = PretokenClasses.table(rules);
      int wrong = -1;
      for (int c = table.length - 1; c >= 0; c--) {
        wrong = table[c] == (byte) PretokenClasses.flags(rules, c) ? wrong : c;
      }
      assertThat(wrong).as("a code point of " + rules).isEqualTo(-1);
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

  /** Adds the ends in a piece at a place, empties it, and returns the place after it. */
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
      return NastyText.forSplits(random, 40);
    }
    StringBuilder text = new StringBuilder("x".repeat(random.nextInt(round % 3 == 1 ? 1 : 64)));
    for (int i = random.nextInt(60); i > 0; i--) {
      text.append(PIECES[random.nextInt(PIECES.length)]);
    }
    return text.toString();
  }

  /**
   * Where the text ends with its array, and where whole blocks can be read after it; some ends at a
   * time, after other numbers, and continued as if the text began at the last end.
   */
  private static void assertCut(
      PretokenScanner scanner, String text, int[] expected, String description) {
    byte[] bytes = text.getBytes(UTF_8);
    for (int more : new int[] {0, 64}) {
      byte[] inside = Arrays.copyOf(bytes, bytes.length + more);
      for (int capacity : new int[] {bytes.length + 64, 5}) {
        for (boolean asBegun : new boolean[] {false, true}) {
          int[] ends = scan(scanner, inside, bytes.length, new int[capacity], asBegun);
          if (!Arrays.equals(ends, expected)) {
            assertThat(PretokenScannerTest.pretokens(bytes, 0, ends))
                .as("%s text %s", description, PretokenScannerTest.escape(text))
                .isEqualTo(PretokenScannerTest.pretokens(bytes, 0, expected));
          }
        }
      }
    }
  }

  private static int[] scan(
      PretokenScanner scanner, byte[] text, int to, int[] some, boolean asBegun) {
    int[] ends = new int[to];
    int count = 0;
    for (int at = 0; at < to; at = ends[count - 1]) {
      int found =
          asBegun ? scanner.scan(text, at, at, to, some) : scanner.scan(text, 0, at, to, some);
      System.arraycopy(some, 0, ends, count, found);
      count += found;
    }
    return Arrays.copyOf(ends, count);
  }
}
