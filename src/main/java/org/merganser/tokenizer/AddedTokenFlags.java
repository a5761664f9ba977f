package org.merganser.tokenizer;

import org.merganser.text.unicode.CodePoints;
import org.merganser.text.unicode.ComponentClasses;
import org.merganser.text.unicode.Utf8;
import org.merganser.tokenizer.parts.AddedToken;

/**
 * The flags of an added token that depend on the text beside it: {@code single_word}, {@code
 * lstrip} and {@code rstrip}. {@link PretokenPath} asks here when it cuts the tokens out of a text.
 */
final class AddedTokenFlags {
  private AddedTokenFlags() {}

  /**
   * Whether a match is text, since the token must be a single word: the character before or after
   * {@code text[start, end)} in {@code text[from, to)} is {@code \w} of Rust's crate {@code regex}.
   */
  static boolean isPartOfWord(AddedToken token, byte[] text, int from, int start, int end, int to) {
    if (!token.singleWord()) {
      return false;
    }
    boolean followsWord = start > from && isWord(text, CodePoints.before(text, start));
    return followsWord || (end < to && isWord(text, end));
  }

  /**
   * Where a token begins whose content begins at {@code start}. With lstrip, it takes the white
   * space (Unicode, 25 characters) before its content, but none before {@code free}.
   *
   * @param free the end of the token before; beyond {@code start} if that one has stripped white
   *     space with which this content begins
   */
  static int outerStart(AddedToken token, byte[] text, int free, int start) {
    return token.lstrip() ? Math.max(free, whiteSpaceStart(text, free, start)) : start;
  }

  /**
   * Where a token ends whose content ends at {@code end}. With rstrip, it takes the white space
   * after its content, at most up to {@code to}.
   */
  static int outerEnd(AddedToken token, byte[] text, int end, int to) {
    return token.rstrip() ? whiteSpaceEnd(text, end, to) : end;
  }

  /** The start of the white space that ends at {@code at} and begins at {@code from} or later. */
  private static int whiteSpaceStart(byte[] text, int from, int at) {
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

  /** The end of the white space that begins at {@code at} and ends at {@code to} or before. */
  private static int whiteSpaceEnd(byte[] text, int at, int to) {
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
