package org.merganser.tokenizer;

import java.util.Arrays;
import org.merganser.text.PreTokenizer;
import org.merganser.text.PreTokenizerSpec;

/**
 * The neighbours of an added token: what is {@code \w} and what {@code \s} for Rust's {@code regex}
 * crate, with which HF looks at them. For one thread.
 *
 * <p>{@code \w} is asked of the pre-tokenizer Whitespace, {@code \w+|[^\w\s]+} over the same
 * crate's tables: it leaves a character together with a letter behind it exactly when the character
 * is {@code \w}. Only tokens with {@code single_word} come here.
 */
final class WordCharacters {
  private final PreTokenizer whitespace = new PreTokenizerSpec.Whitespace().build();
  private final byte[] probe = new byte[8];
  private int firstEnd;

  /** Whether the character before {@code at} is {@code \w}; false at the beginning. */
  boolean endsBefore(byte[] text, int from, int at) {
    return at > from && word(text, before(text, from, at), at);
  }

  /** Whether the character at {@code at} is {@code \w}; false at the end. */
  boolean startsAt(byte[] text, int at, int to) {
    return at < to && word(text, at, Math.min(to, at + length(text[at])));
  }

  private boolean word(byte[] text, int start, int end) {
    int length = end - start;
    System.arraycopy(text, start, probe, 0, length);
    probe[length] = 'a';
    firstEnd = 0;
    whitespace.split(
        probe,
        0,
        length + 1,
        true,
        (array, first, ends, count) -> {
          if (firstEnd == 0) {
            firstEnd =
                first == 0 && Arrays.equals(array, 0, length, probe, 0, length) ? ends[0] : -1;
          }
        });
    return firstEnd == length + 1;
  }

  /** The beginning of the white space (Unicode, 25 characters) that ends at {@code at}. */
  static int spaceBefore(byte[] text, int from, int at) {
    int start = at;
    while (start > from) {
      int previous = before(text, from, start);
      if (!isSpace(codePoint(text, previous))) {
        break;
      }
      start = previous;
    }
    return start;
  }

  /** The end of the white space that begins at {@code at}. */
  static int spaceAfter(byte[] text, int at, int to) {
    int end = at;
    while (end < to && isSpace(codePoint(text, end))) {
      end += length(text[end]);
    }
    return end;
  }

  /** Unicode's White_Space, which has not changed since Unicode 6.3. */
  static boolean isSpace(int c) {
    return c == ' '
        || c >= 0x09 && c <= 0x0D
        || c == 0x85
        || c == 0xA0
        || c == 0x1680
        || c >= 0x2000 && c <= 0x200A
        || c == 0x2028
        || c == 0x2029
        || c == 0x202F
        || c == 0x205F
        || c == 0x3000;
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
