package org.merganser.text.scan;

/**
 * Which English contractions ({@code 's}, {@code 't}, {@code 're}, {@code 've}, {@code 'm}, {@code
 * 'll}, {@code 'd}) are pretokens or parts of them.
 */
enum Contractions {
  /** None: the apostrophe is a symbol like any other. */
  NONE,
  /** Alone, in lower case. */
  EXACT_TOKEN,
  /** Alone, in any case; U+017F folds to s. */
  FOLDED_TOKEN,
  /** Alone, in any case of ASCII. */
  ASCII_FOLDED_TOKEN,
  /** Joined to the word before it, in any case; U+017F folds to s. */
  FOLDED_SUFFIX;

  /**
   * The length in bytes of the contraction at the apostrophe {@code at}, or 0: {@code
   * (?i:'s|'t|'re|'ve|'m|'ll|'d)}, the same without {@code ?i}, or without the fold of U+017F.
   */
  int length(byte[] text, int at, int to) {
    if (at + 1 >= to || this == NONE) {
      return 0;
    }
    int fold = this == EXACT_TOKEN ? 0 : 0x20; // turns upper into lower case
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
    boolean foldsLongS = fold != 0 && this != ASCII_FOLDED_TOKEN;
    boolean isLongS = text[at + 1] == (byte) 0xC5 && text[at + 2] == (byte) 0xBF;
    return foldsLongS && isLongS ? 3 : 0;
  }
}
