package org.merganser.tokenizer;

import org.merganser.text.unicode.ComponentClasses;

/**
 * The neighbours of an added token: what is {@code \w} and what is white space for Rust's {@code
 * regex} crate, with which HF looks at them; and the steps from character to character. Texts are
 * well-formed UTF-8.
 */
final class WordCharacters {
  private WordCharacters() {}

  /** Whether the character before {@code at} is {@code \w}; false at the beginning. */
  static boolean endsBefore(byte[] text, int from, int at) {
    return at > from && ComponentClasses.isWordCharacter(codePoint(text, before(text, from, at)));
  }

  /** Whether the character at {@code at} is {@code \w}; false at the end. */
  static boolean startsAt(byte[] text, int at, int to) {
    return at < to && ComponentClasses.isWordCharacter(codePoint(text, at));
  }

  /** The beginning of the white space (Unicode, 25 characters) that ends at {@code at}. */
  static int spaceBefore(byte[] text, int from, int at) {
    int start = at;
    while (start > from) {
      int previous = before(text, from, start);
      if (!ComponentClasses.isWhiteSpace(codePoint(text, previous))) {
        break;
      }
      start = previous;
    }
    return start;
  }

  /** The end of the white space that begins at {@code at}. */
  static int spaceAfter(byte[] text, int at, int to) {
    int end = at;
    while (end < to && ComponentClasses.isWhiteSpace(codePoint(text, end))) {
      end += length(text[end]);
    }
    return end;
  }

  private static int before(byte[] text, int from, int at) {
    int start = at - 1;
    while (start > from && (text[start] & 0xC0) == 0x80) {
      start--;
    }
    return start;
  }

  /** The length of the well-formed character that begins with {@code lead}. */
  static int length(byte lead) {
    int b = lead & 0xFF;
    return b < 0x80 ? 1 : b < 0xE0 ? 2 : b < 0xF0 ? 3 : 4;
  }

  /** The well-formed character at {@code at}. */
  static int codePoint(byte[] text, int at) {
    int b = text[at] & 0xFF;
    if (b < 0x80) {
      return b;
    }
    int length = length(text[at]);
    int c = b & 0x7F >> length;
    for (int i = 1; i < length; i++) {
      c = c << 6 | text[at + i] & 0x3F;
    }
    return c;
  }
}
