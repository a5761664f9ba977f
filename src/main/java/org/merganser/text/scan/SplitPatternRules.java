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

  /** Which contractions are pretokens or parts of them. */
  enum Contractions {
    /** None: the apostrophe is a symbol like any other. */
    NONE,
    /** Alone, in lower case. */
    EXACT_TOKEN,
    /** Alone, in any case; U+017F folds to s. */
    FOLDED_TOKEN,
    /** Alone, in any case of ASCII. */
    ASCII_FOLDED_TOKEN,
    /** Joined to the word before it, in any case. */
    FOLDED_SUFFIX
  }

  /** The rules of {@link SplitPattern#DEEPSEEK3}. */
  static final SplitPatternRules DEEPSEEK3 =
      builder().maxNumber(3).marksInWords(true).isolatesNumbers(true).threeSplits(true).build();

  /** The rules of HF's Digits with {@code individual_digits}, followed by gpt2. */
  static final SplitPatternRules DIGITS_GPT2 =
      builder()
          .contractions(Contractions.EXACT_TOKEN)
          .onlySpacePrefix(true)
          .maxNumber(1)
          .isolatesNumbers(true)
          .build();

  /** A builder of rules without contractions, with numbers of any length and no other switch on. */
  static Builder builder() {
    return new Builder();
  }

  /** These rules with numbers that are counted from the right. */
  SplitPatternRules withNumbersFromRight() {
    boolean fromRight = true;
    return withNumbers(maxNumber, fromRight);
  }

  /** These rules with numbers of any length. */
  SplitPatternRules withUnboundedNumbers() {
    boolean fromRight = false;
    return withNumbers(Integer.MAX_VALUE, fromRight);
  }

  private SplitPatternRules withNumbers(int most, boolean fromRight) {
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

  /**
   * The length in bytes of the contraction at the apostrophe {@code at}, or 0: {@code
   * (?i:'s|'t|'re|'ve|'m|'ll|'d)}, the same without {@code ?i}, or without the fold of U+017F.
   */
  int contractionLength(byte[] text, int at, int to) {
    if (at + 1 >= to || contractions == Contractions.NONE) {
      return 0;
    }
    int fold = contractions == Contractions.EXACT_TOKEN ? 0 : 0x20; // turns upper into lower case
    int second = text[at + 1] | fold;
    if (second == 's' || second == 't' || second == 'm' || second == 'd') {
      return 2;
    }
    if (at + 2 >= to) {
      return 0;
    }
    int third = text[at + 2] | fold;
    if ((second == 'r' && third == 'e')
        || (second == 'v' && third == 'e')
        || (second == 'l' && third == 'l')) {
      return 3;
    }
    boolean foldsLongS = fold != 0 && contractions != Contractions.ASCII_FOLDED_TOKEN;
    boolean isLongS = text[at + 1] == (byte) 0xC5 && text[at + 2] == (byte) 0xBF;
    return foldsLongS && isLongS ? 3 : 0;
  }

  /** Collects the switches. Each method sets the component of its name. */
  static final class Builder {
    private Contractions contractions = Contractions.NONE;
    private boolean onlySpacePrefix;
    private int maxNumber = Integer.MAX_VALUE;
    private boolean marksInWords;
    private boolean caseSplits;
    private boolean joinsSlash;
    private boolean isolatesNumbers;
    private boolean threeSplits;

    private Builder() {}

    Builder contractions(Contractions value) {
      contractions = value;
      return this;
    }

    Builder onlySpacePrefix(boolean value) {
      onlySpacePrefix = value;
      return this;
    }

    Builder maxNumber(int value) {
      maxNumber = value;
      return this;
    }

    Builder marksInWords(boolean value) {
      marksInWords = value;
      return this;
    }

    Builder caseSplits(boolean value) {
      caseSplits = value;
      return this;
    }

    Builder joinsSlash(boolean value) {
      joinsSlash = value;
      return this;
    }

    Builder isolatesNumbers(boolean value) {
      isolatesNumbers = value;
      return this;
    }

    Builder threeSplits(boolean value) {
      threeSplits = value;
      return this;
    }

    SplitPatternRules build() {
      boolean numbersFromRight = false;
      return new SplitPatternRules(
          contractions,
          onlySpacePrefix,
          maxNumber,
          numbersFromRight,
          marksInWords,
          caseSplits,
          joinsSlash,
          isolatesNumbers,
          threeSplits);
    }
  }
}
