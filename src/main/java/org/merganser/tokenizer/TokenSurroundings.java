package org.merganser.tokenizer;

import org.merganser.text.unicode.CodePoints;
import org.merganser.text.unicode.ComponentClasses;
import org.merganser.text.unicode.Utf8;

/** What is beside an added token in a text: words, and white space that the token may strip. */
final class TokenSurroundings {
  private TokenSurroundings() {}

  /**
   * Whether the character before or after {@code text[start, end)} in {@code text[from, to)} is
   * {@code \w} of Rust's crate {@code regex}.
   */
  static boolean isBesideWord(byte[] text, int from, int start, int end, int to) {
    boolean afterWord = start > from && isWord(text, CodePoints.before(text, start));
    return afterWord || (end < to && isWord(text, end));
  }

  /** The start of the white space (Unicode, 25 characters) that ends at {@code at}. */
  static int whiteSpaceStart(byte[] text, int from, int at) {
    int start = at;
    while (start > from) {
      int previous = CodePoints.before(text, start);
      if (!ComponentClasses.WHITE_SPACE.contains(Utf8.codePoint(text, previous))) {
        break;
      }
      start = previous;
    }
    return start;
  }

  /** The end of the white space that begins at {@code at}. */
  static int whiteSpaceEnd(byte[] text, int at, int to) {
    int end = at;
    while (end < to && ComponentClasses.WHITE_SPACE.contains(Utf8.codePoint(text, end))) {
      end += CodePoints.length(text[end]);
    }
    return end;
  }

  private static boolean isWord(byte[] text, int at) {
    return ComponentClasses.WORD.contains(Utf8.codePoint(text, at));
  }
}
