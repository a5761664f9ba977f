package org.merganser.tokenizer.parts;

import org.merganser.text.unicode.CodePoints;
import org.merganser.text.unicode.ComponentClasses;
import org.merganser.text.unicode.Utf8;

/**
 * Tests the neighbours of an added token for {@code \w} and white space as Rust's {@code regex}
 * crate defines them, which HF uses. Texts are well-formed UTF-8.
 */
public final class WordCharacters {
  private WordCharacters() {}

  /** Whether the character before {@code at} is {@code \w}; false at the beginning. */
  public static boolean endsBefore(byte[] text, int from, int at) {
    return at > from
        && ComponentClasses.isWordCharacter(Utf8.codePoint(text, CodePoints.before(text, at)));
  }

  /** Whether the character at {@code at} is {@code \w}; false at the end. */
  public static boolean startsAt(byte[] text, int at, int to) {
    return at < to && ComponentClasses.isWordCharacter(Utf8.codePoint(text, at));
  }

  /** The beginning of the white space (Unicode, 25 characters) that ends at {@code at}. */
  public static int spaceBefore(byte[] text, int from, int at) {
    int start = at;
    while (start > from) {
      int previous = CodePoints.before(text, start);
      if (!ComponentClasses.isWhiteSpace(Utf8.codePoint(text, previous))) {
        break;
      }
      start = previous;
    }
    return start;
  }

  /** The end of the white space that begins at {@code at}. */
  public static int spaceAfter(byte[] text, int at, int to) {
    int end = at;
    while (end < to && ComponentClasses.isWhiteSpace(Utf8.codePoint(text, end))) {
      end += CodePoints.length(text[end]);
    }
    return end;
  }
}
