package org.merganser.bpe;

import java.util.Arrays;
import org.merganser.text.unicode.ByteAlphabet;

/**
 * The byte-level form of text ({@link ByteAlphabet}), as UTF-8: one or two bytes for each byte of
 * text. One instance is used for many texts. Not thread-safe.
 */
public final class ByteLevelForm {
  /**
   * The UTF-8 form of the character of byte b: {@code first | second << 8}, where second is 0 for
   * one byte.
   */
  private static final short[] UTF8 = new short[256];

  /** The maximum length of an array. */
  private static final int MAX_ARRAY = Integer.MAX_VALUE - 16;

  static {
    for (int b = 0; b < 256; b++) {
      char c = ByteAlphabet.toChar(b);
      UTF8[b] = (short) (c < 0x80 ? c : twoBytes(c));
    }
  }

  private final int limit;
  private byte[] bytes = new byte[64];
  private int length;

  /**
   * @param limit the maximum length of the form, in bytes
   */
  public ByteLevelForm(int limit) {
    this.limit = limit;
  }

  /**
   * Makes the form of {@code text[from, to)}.
   *
   * @return false if it is longer than the limit, or than an array; {@link #bytes} and {@link
   *     #length} then have no meaning
   */
  public boolean set(byte[] text, int from, int to) {
    int textLength = to - from;
    if (textLength > limit) {
      return false;
    }
    long longest = 2L * textLength;
    if (bytes.length < longest) {
      bytes = Arrays.copyOf(bytes, (int) Math.min(MAX_ARRAY, longest));
    }
    int end = 0;
    for (int i = from; i < to; i++) {
      int form = UTF8[text[i] & 0xFF];
      if (end + 1 >= bytes.length) { // only if a form of twice the text's length exceeds an array
        return false;
      }
      bytes[end++] = (byte) form;
      if ((form & 0xFF00) != 0) {
        bytes[end++] = (byte) (form >> 8);
      }
    }
    length = end;
    return end <= limit;
  }

  /** The array with the form, from 0 to {@link #length}; valid until the next {@link #set}. */
  public byte[] bytes() {
    return bytes;
  }

  /** The length of the form in bytes. */
  public int length() {
    return length;
  }

  /** The two bytes of a character of 0x80 to 0x7FF, as in {@link #UTF8}. */
  private static int twoBytes(char c) {
    int first = 0xC0 | (c >> 6);
    int second = 0x80 | (c & 0x3F);
    return first | (second << 8);
  }
}
