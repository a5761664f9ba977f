package org.merganser.text.scan;

/**
 * The differences between the known split patterns, whose scanners are one algorithm with these
 * switches.
 *
 * @param contractions which contractions are pretokens or parts of them
 * @param onlySpacePrefix whether only U+0020 is joined to the letters or numbers after it, and
 *     newlines are white space like any other (gpt2); else any one character that is no letter,
 *     number or newline is joined to letters, newlines are joined to the symbols before them, and
 *     white space is cut after its last newline
 * @param maxNumber the maximum of number characters in one pretoken; {@link Integer#MAX_VALUE} for
 *     any number of them
 * @param numbersFromRight whether a run of more than {@code maxNumber} numbers is cut so that all
 *     of its pretokens except the first have that length: {@code 1234567} as {@code 1 234 567};
 *     only with a maximum
 * @param marksInWords whether words are {@code [\p{L}\p{M}]+} instead of {@code \p{L}+}
 * @param caseSplits whether a word is cut where upper case follows lower case (o200k, tekken)
 * @param joinsSlash whether {@code /} is joined to the symbols before it like a newline (o200k,
 *     tekken)
 * @param isolatesNumbers whether numbers are isolated first, and the text between them is cut as if
 *     it were alone
 * @param threeSplits whether ideographs are isolated as well, a symbol is joined to letters only if
 *     both are ASCII, and controls are no symbols, although one may be joined to letters
 *     (deepseek3)
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

  SplitPatternRules {
    if (maxNumber < 1 || (numbersFromRight && maxNumber == Integer.MAX_VALUE)) {
      throw new IllegalArgumentException(
          "numbers of up to " + maxNumber + " characters, from the right: " + numbersFromRight);
    }
  }

  /** The rules of {@link SplitPattern#DEEPSEEK3}. */
  static final SplitPatternRules DEEPSEEK3 =
      builder().maxNumber(3).marksInWords(true).isolatesNumbers(true).threeSplits(true).build();

  /** The rules of HF's Digits with {@code individual_digits}, followed by {@code gpt2}. */
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
    return toBuilder().numbersFromRight(true).build();
  }

  /** These rules with numbers of any length, which therefore have no side to be counted from. */
  SplitPatternRules withUnboundedNumbers() {
    return toBuilder().maxNumber(Integer.MAX_VALUE).numbersFromRight(false).build();
  }

  /** A builder with these switches. */
  private Builder toBuilder() {
    return builder()
        .contractions(contractions)
        .onlySpacePrefix(onlySpacePrefix)
        .maxNumber(maxNumber)
        .numbersFromRight(numbersFromRight)
        .marksInWords(marksInWords)
        .caseSplits(caseSplits)
        .joinsSlash(joinsSlash)
        .isolatesNumbers(isolatesNumbers)
        .threeSplits(threeSplits);
  }

  /** Collects the switches. Each method sets the component of its name. */
  static final class Builder {
    private Contractions contractions = Contractions.NONE;
    private boolean onlySpacePrefix;
    private int maxNumber = Integer.MAX_VALUE;
    private boolean numbersFromRight;
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

    Builder numbersFromRight(boolean value) {
      numbersFromRight = value;
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
