package org.merganser.text.scan;

/**
 * The differences between the known split patterns, whose scanners are one algorithm with these
 * switches.
 *
 * @param contractions where {@code 's}, {@code 't}, {@code 're}, {@code 've}, {@code 'm}, {@code
 *     'll}, {@code 'd} are pretokens or parts of them
 * @param onlySpacePrefix only U+0020 is joined to the letters or numbers after it, and newlines are
 *     white space like any other (gpt2); else any one character that is no letter, number or
 *     newline is joined to letters, newlines are joined to the symbols before them, and white space
 *     is cut after its last newline
 * @param maxNumber the maximum of number characters in one pretoken
 * @param numbersFromRight a longer run of numbers is cut so that all of its pretokens except the
 *     first have that length: {@code 1234567} as {@code 1 234 567}
 * @param marksInWords words are {@code [\p{L}\p{M}]+} instead of {@code \p{L}+}
 * @param caseSplits a word is cut where upper case follows lower case (o200k, tekken)
 * @param joinsSlash {@code /} is joined to the symbols before it like a newline (o200k, tekken)
 * @param isolatesNumbers numbers are isolated first, and the text between them is cut as if it were
 *     alone
 * @param threeSplits ideographs are isolated as well, and controls are neither in words nor in runs
 *     of symbols (deepseek3)
 */
record SplitPatternRules(
    Contractions contractions,
    boolean onlySpacePrefix,
    int maxNumber,
    boolean numbersFromRight,
    boolean marksInWords,
    boolean caseSplits,
    boolean joinsSlash,
    boolean isolatesNumbers,
    boolean threeSplits) {

  static final SplitPatternRules DEEPSEEK3 =
      new SplitPatternRules(Contractions.NONE, false, 3, false, true, false, false, true, true);

  static final SplitPatternRules DIGITS_GPT2 =
      new SplitPatternRules(
          Contractions.EXACT_TOKEN, true, 1, false, false, false, false, true, false);

  static SplitPatternRules spaced(Contractions contractions, boolean marksInWords) {
    return new SplitPatternRules(
        contractions, true, Integer.MAX_VALUE, false, marksInWords, false, false, false, false);
  }

  static SplitPatternRules uncased(
      Contractions contractions, int maxNumber, boolean marksInWords, boolean joinsSlash) {
    return new SplitPatternRules(
        contractions, false, maxNumber, false, marksInWords, false, joinsSlash, false, false);
  }

  static SplitPatternRules cased(Contractions contractions, int maxNumber, boolean joinsSlash) {
    return new SplitPatternRules(
        contractions, false, maxNumber, false, true, true, joinsSlash, false, false);
  }

  /** These rules with numbers of another length, counted from the left or from the right. */
  SplitPatternRules withNumbers(int most, boolean fromRight) {
    return new SplitPatternRules(
        contractions,
        onlySpacePrefix,
        most,
        fromRight,
        marksInWords,
        caseSplits,
        joinsSlash,
        isolatesNumbers,
        threeSplits);
  }

  enum Contractions {
    NONE,
    EXACT_TOKEN,
    /** Alone, in any case; U+017F folds to s. */
    FOLDED_TOKEN,
    /** Alone, in any case of ASCII. */
    ASCII_FOLDED_TOKEN,
    /** Joined to the word before it, in any case. */
    FOLDED_SUFFIX
  }

  /**
   * The length in bytes of the contraction at the apostrophe {@code at}, or 0: {@code
   * (?i:'s|'t|'re|'ve|'m|'ll|'d)}, the same without {@code ?i}, or without the fold of U+017F.
   */
  int contractionLength(byte[] text, int at, int to) {
    if (at + 1 >= to || contractions == Contractions.NONE) {
      return 0;
    }
    int fold = contractions == Contractions.EXACT_TOKEN ? 0 : 0x20;
    int next = text[at + 1] | fold;
    if (next == 's' || next == 't' || next == 'm' || next == 'd') {
      return 2;
    }
    if (at + 2 >= to) {
      return 0;
    }
    int third = text[at + 2] | fold;
    if ((next == 'r' && third == 'e')
        || (next == 'v' && third == 'e')
        || (next == 'l' && third == 'l')) {
      return 3;
    }
    boolean longS = text[at + 1] == (byte) 0xC5 && text[at + 2] == (byte) 0xBF;
    return longS && fold != 0 && contractions != Contractions.ASCII_FOLDED_TOKEN ? 3 : 0;
  }
}
