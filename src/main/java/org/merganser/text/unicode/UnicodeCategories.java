package org.merganser.text.unicode;

import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/**
 * The general category of every code point in Unicode 16, the version of HF's regex engine
 * Oniguruma, independent of the JDK's version (JDK 17: Unicode 13).
 *
 * <p>Read from {@code unicode-16-categories.txt}, which {@code UnicodeCategoriesGenerator} (in the
 * tests) generates from ICU4J 77; expanded to one byte a code point (1.1 MB).
 */
public final class UnicodeCategories {
  /** The number of code points. */
  public static final int CODE_POINTS = CodePointSet.LIMIT;

  static final String RESOURCE = "unicode-16-categories.txt";

  /**
   * Two-letter names; a category's number is its index. Letters, marks, numbers, punctuation,
   * symbols and separators are each a range of numbers, in this order.
   */
  private static final List<String> NAMES =
      List.of(
          "Lu", "Lt", "Ll", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Pc", "Pd", "Ps", "Pe",
          "Pi", "Pf", "Po", "Sm", "Sc", "Sk", "So", "Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Co", "Cn");

  private static final int LU = NAMES.indexOf("Lu");
  private static final int LT = NAMES.indexOf("Lt");
  private static final int LL = NAMES.indexOf("Ll");
  private static final int LAST_LETTER = NAMES.indexOf("Lo");
  private static final int LAST_MARK = NAMES.indexOf("Me");
  private static final int LAST_NUMBER = NAMES.indexOf("No");
  private static final int LAST_PUNCTUATION = NAMES.indexOf("Po");
  private static final int LAST_SYMBOL = NAMES.indexOf("So");
  private static final int LAST_SEPARATOR = NAMES.indexOf("Zp");
  private static final int CC = NAMES.indexOf("Cc");

  /** By code point, the number of its category. */
  private static final byte[] CATEGORY = load();

  private UnicodeCategories() {}

  /** The two-letter name of a code point's general category, {@code Cn} if unassigned. */
  public static String name(int codePoint) {
    return NAMES.get(CATEGORY[codePoint]);
  }

  /** All code points of the categories whose names the predicate accepts. */
  public static CodePointSet codePointsOf(Predicate<String> names) {
    boolean[] accepted = new boolean[NAMES.size()];
    for (int number = 0; number < accepted.length; number++) {
      accepted[number] = names.test(NAMES.get(number));
    }
    CodePointSet.Builder builder = new CodePointSet.Builder();
    int first = 0;
    while (first < CODE_POINTS) {
      int end = runEnd(first);
      if (accepted[CATEGORY[first]]) {
        builder.add(first, end - 1);
      }
      first = end;
    }
    return builder.build();
  }

  /**
   * The end of the run of code points with this one's category. Each control is a run of its own,
   * since some are white space.
   */
  public static int runEnd(int codePoint) {
    byte category = CATEGORY[codePoint];
    int end = codePoint + 1;
    while (category != CC && end < CODE_POINTS && CATEGORY[end] == category) {
      end++;
    }
    return end;
  }

  /** {@code \p{L}}. */
  public static boolean isLetter(int codePoint) {
    return CATEGORY[codePoint] <= LAST_LETTER;
  }

  /** {@code [\p{Lu}\p{Lt}]}. */
  public static boolean isUpperOrTitleCase(int codePoint) {
    return CATEGORY[codePoint] == LU || CATEGORY[codePoint] == LT;
  }

  /** {@code \p{Ll}}. */
  public static boolean isLowerCase(int codePoint) {
    return CATEGORY[codePoint] == LL;
  }

  /** {@code \p{M}}. */
  public static boolean isMark(int codePoint) {
    return CATEGORY[codePoint] > LAST_LETTER && CATEGORY[codePoint] <= LAST_MARK;
  }

  /** {@code \p{N}}. */
  public static boolean isNumber(int codePoint) {
    return CATEGORY[codePoint] > LAST_MARK && CATEGORY[codePoint] <= LAST_NUMBER;
  }

  /** {@code \p{P}}. */
  public static boolean isPunctuation(int codePoint) {
    return CATEGORY[codePoint] > LAST_NUMBER && CATEGORY[codePoint] <= LAST_PUNCTUATION;
  }

  /** {@code \p{S}}. */
  public static boolean isSymbol(int codePoint) {
    return CATEGORY[codePoint] > LAST_PUNCTUATION && CATEGORY[codePoint] <= LAST_SYMBOL;
  }

  /** {@code \s}: the 25 code points of White_Space: separators, U+0009..000D and U+0085. */
  public static boolean isWhiteSpace(int codePoint) {
    return (CATEGORY[codePoint] > LAST_SYMBOL && CATEGORY[codePoint] <= LAST_SEPARATOR)
        || (codePoint >= 0x09 && codePoint <= 0x0D)
        || codePoint == 0x85;
  }

  /**
   * Each line of the resource is the first code point of a run, in hexadecimal, and its category.
   */
  private static byte[] load() {
    byte[] category = new byte[CODE_POINTS];
    int from = 0;
    byte number = 0;
    for (String line : TableLines.read(RESOURCE)) {
      int blank = line.indexOf(' ');
      int first = Integer.parseInt(line, 0, blank, 16);
      Arrays.fill(category, from, first, number);
      from = first;
      number = (byte) NAMES.indexOf(line.substring(blank + 1));
      if (number < 0) {
        throw new IllegalStateException(RESOURCE + ": line \"" + line + "\"");
      }
    }
    Arrays.fill(category, from, CODE_POINTS, number);
    return category;
  }
}
