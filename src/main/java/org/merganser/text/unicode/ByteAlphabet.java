package org.merganser.text.unicode;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * GPT-2's printable character for every byte ({@code bytes_to_unicode}), with which tokenizer.json
 * writes byte-level tokens ({@code Ġ} for a space).
 *
 * <p>The bytes that Latin-1 prints ({@code !}..{@code ~}, {@code ¡}..{@code ¬}, {@code ®}..{@code
 * ÿ}) map to themselves; the other 68, in order, map to U+0100, U+0101 and so on: byte 0 to {@code
 * Ā}, the space to {@code Ġ} and byte 0xAD to {@code Ń}.
 */
public final class ByteAlphabet {
  /** The number of bytes that do not map to themselves. */
  private static final int MAPPED = 68;

  /** By byte, its character. */
  private static final char[] CHARS = new char[256];

  /** By character, its byte, or -1. */
  private static final short[] BYTES = new short[0x100 + MAPPED];

  static {
    Arrays.fill(BYTES, (short) -1);
    char next = 0x100;
    for (int b = 0; b < 256; b++) {
      boolean printable = (b > 0x20 && b < 0x7F) || (b > 0xA0 && b != 0xAD);
      CHARS[b] = printable ? (char) b : next++;
      BYTES[CHARS[b]] = (short) b;
    }
  }

  private ByteAlphabet() {}

  /** The character of a byte, 0 to 255. */
  public static char toChar(int b) {
    return CHARS[b];
  }

  /** The byte that {@code codePoint} is written for, or -1. */
  public static int toByte(int codePoint) {
    return codePoint >= 0 && codePoint < BYTES.length ? BYTES[codePoint] : -1;
  }

  /** The byte-level token of {@code bytes[from, to)}. */
  public static String toToken(byte[] bytes, int from, int to) {
    char[] token = new char[to - from];
    for (int i = 0; i < token.length; i++) {
      token[i] = CHARS[bytes[from + i] & 0xFF];
    }
    return new String(token);
  }

  /** The bytes of a byte-level token, or null if a character is not in the alphabet. */
  public static byte @Nullable [] toBytes(String token) {
    byte[] bytes = new byte[token.length()];
    for (int i = 0; i < bytes.length; i++) {
      int b = toByte(token.charAt(i));
      if (b < 0) {
        return null;
      }
      bytes[i] = (byte) b;
    }
    return bytes;
  }

  /**
   * The bytes of a byte-level token in UTF-8, without a String; null if a character is not in the
   * alphabet.
   *
   * @param utf8 well-formed in {@code [from, to)}
   */
  public static byte @Nullable [] toBytes(byte[] utf8, int from, int to) {
    byte[] bytes = new byte[CodePoints.count(utf8, from, to)];
    int at = from;
    for (int i = 0; i < bytes.length; i++) {
      int character = utf8[at++];
      if (character < 0) { // no character of the alphabet has more than two bytes
        if (CodePoints.length((byte) character) > 2) {
          return null;
        }
        character = (character & 0x1F) << 6 | (utf8[at++] & 0x3F);
      }
      int b = toByte(character);
      if (b < 0) {
        return null;
      }
      bytes[i] = (byte) b;
    }
    return bytes;
  }
}
