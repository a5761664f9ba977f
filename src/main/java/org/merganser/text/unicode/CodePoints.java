package org.merganser.text.unicode;

/** Characters of well-formed UTF-8, read without a check. */
public final class CodePoints {
  private CodePoints() {}

  /** The length in bytes of the character that begins with a byte. */
  public static int length(byte lead) {
    if (lead >= 0) {
      return 1;
    }
    if (lead < (byte) 0xE0) {
      return 2;
    }
    return lead < (byte) 0xF0 ? 3 : 4;
  }

  /** The first byte of a code point's UTF-8 form, as an int in [0, 256). */
  public static int lead(int codePoint) {
    if (codePoint < 0x80) {
      return codePoint;
    } else if (codePoint < 0x800) {
      return 0xC0 | (codePoint >> 6);
    } else if (codePoint < 0x10000) {
      return 0xE0 | (codePoint >> 12);
    }
    return 0xF0 | (codePoint >> 18);
  }

  /** Whether a byte is not the first one of its character: 10xxxxxx. */
  public static boolean isContinuation(byte b) {
    return (b & 0xC0) == 0x80;
  }

  /** Where the character that ends at {@code at} begins. */
  public static int before(byte[] text, int at) {
    int start = at - 1;
    while (isContinuation(text[start])) {
      start--;
    }
    return start;
  }

  /** The number of characters of {@code text[from, to)}: of the bytes that begin one. */
  public static int count(byte[] text, int from, int to) {
    int count = 0;
    for (int at = from; at < to; at++) {
      if (!isContinuation(text[at])) {
        count++;
      }
    }
    return count;
  }
}
