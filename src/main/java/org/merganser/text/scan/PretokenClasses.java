package org.merganser.text.scan;

import java.util.Arrays;
import org.merganser.text.unicode.ComponentClasses;
import org.merganser.text.unicode.UnicodeCategories;

/**
 * The character classes that one split pattern distinguishes: a byte of flags for each code point.
 * There are more classes than bits in a byte. So three flags, which only deepseek3 or Digits need,
 * have the bits of UPPER and LOWER, which only patterns that cut words by case need.
 */
final class PretokenClasses {
  /** Letters and, if the pattern has them in words, marks. */
  static final int LETTER = 1;

  /** {@code \p{N}}; see also {@link #JOINED_NUMBER}. */
  static final int NUMBER = 2;

  /** {@code \s}. */
  static final int WHITE_SPACE = 4;

  /** CR and LF if the pattern treats them separately; they are also WHITE_SPACE. */
  static final int NEWLINE = 8;

  /** Everything else: punctuation, symbols and, except in deepseek3, all other characters. */
  static final int OTHER = 16;

  /** Letters for {@code [\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]}; only if case splits words. */
  static final int UPPER = 32;

  /** Letters for {@code [\p{Ll}\p{Lm}\p{Lo}\p{M}]}; only if case splits words. */
  static final int LOWER = 64;

  /** Letters and marks among deepseek3's ideographs, which are isolated. */
  static final int IDEOGRAPH = 128;

  /** Punctuation and symbols among deepseek3's ideographs (U+30FB). */
  static final int IDEOGRAPH_OTHER = UPPER;

  /** Unassigned code points among deepseek3's ideographs. */
  static final int IDEOGRAPH_UNMATCHED = LOWER;

  /**
   * {@code \p{N}} that is not isolated if numbers are: HF's Digits, before gpt2, has the numbers of
   * an older Unicode.
   */
  static final int JOINED_NUMBER = UPPER;

  private PretokenClasses() {}

  /**
   * A table of flags by code point. A character without flags, which only deepseek3 has, begins no
   * alternative of the pattern.
   */
  static byte[] table(SplitPatternRules rules) {
    byte[] table = new byte[UnicodeCategories.CODE_POINTS];
    // With these two rules, the flags depend on more than a code point's category.
    boolean oneByOne = rules.threeSplits() || rules.isolatesNumbers();
    int c = 0;
    while (c < table.length) {
      int end = oneByOne ? c + 1 : UnicodeCategories.runEnd(c);
      Arrays.fill(table, c, end, (byte) flags(rules, c));
      c = end;
    }
    return table;
  }

  /** The entry of {@link #table} for a code point. */
  static int flags(SplitPatternRules rules, int c) {
    if (rules.threeSplits() && isIdeograph(c)) {
      return ideographFlags(c);
    }
    if (UnicodeCategories.isWhiteSpace(c)) {
      boolean newline = (c == '\n' || c == '\r') && !rules.onlySpacePrefix();
      return newline ? WHITE_SPACE | NEWLINE : WHITE_SPACE;
    }
    int number = numberFlags(rules, c);
    if (number != 0) {
      return number;
    }
    if (rules.caseSplits()) {
      return casedFlags(c);
    }
    if (UnicodeCategories.isLetter(c) || (rules.marksInWords() && UnicodeCategories.isMark(c))) {
      return LETTER;
    }
    boolean symbol = UnicodeCategories.isPunctuation(c) || UnicodeCategories.isSymbol(c);
    return symbol || !rules.threeSplits() ? OTHER : 0;
  }

  /** The flags of a number; 0 for any other character. */
  private static int numberFlags(SplitPatternRules rules, int c) {
    boolean hasDigitsComponent = rules.isolatesNumbers() && !rules.threeSplits();
    if (hasDigitsComponent && ComponentClasses.NUMERIC.contains(c)) {
      return NUMBER;
    }
    if (UnicodeCategories.isNumber(c)) {
      return hasDigitsComponent ? JOINED_NUMBER : NUMBER;
    }
    return 0;
  }

  /**
   * The flags of a character that is neither white space nor a number, if case splits words. In
   * o200k and tekken a mark belongs to a word, or to a run of symbols before it.
   */
  private static int casedFlags(int c) {
    if (UnicodeCategories.isUpperOrTitleCase(c)) {
      return LETTER | UPPER;
    }
    if (UnicodeCategories.isLowerCase(c)) {
      return LETTER | LOWER;
    }
    if (UnicodeCategories.isLetter(c)) {
      return LETTER | UPPER | LOWER;
    }
    return UnicodeCategories.isMark(c) ? LETTER | UPPER | LOWER | OTHER : OTHER;
  }

  /** The flags of one of deepseek3's ideographs. */
  private static int ideographFlags(int c) {
    if (UnicodeCategories.isLetter(c) || UnicodeCategories.isMark(c)) {
      return IDEOGRAPH;
    }
    boolean symbol = UnicodeCategories.isPunctuation(c) || UnicodeCategories.isSymbol(c);
    return symbol ? IDEOGRAPH_OTHER : IDEOGRAPH_UNMATCHED;
  }

  /** {@code [一-龥぀-ゟ゠-ヿ]}, as in {@link SplitPattern#DEEPSEEK3}. */
  private static boolean isIdeograph(int c) {
    return (c >= 0x4E00 && c <= 0x9FA5) || (c >= 0x3040 && c <= 0x30FF);
  }
}
