package org.merganser.bpe;

/**
 * GPT-2's printable character for every byte ({@code bytes_to_unicode}): a byte-level token is
 * written with them in tokenizer.json ({@code Ġ} for a space).
 */
public final class ByteAlphabet {
  private ByteAlphabet() {}

  /** The character of byte {@code b} (0..255). */
  public static char toChar(int b) {
    throw new UnsupportedOperationException("interface only");
  }

  /** The byte that {@code codePoint} stands for, or -1. */
  public static int toByte(int codePoint) {
    throw new UnsupportedOperationException("interface only");
  }

  /** The byte-level form of bytes. */
  public static String toToken(byte[] bytes, int from, int to) {
    throw new UnsupportedOperationException("interface only");
  }

  /** The bytes of a byte-level token, or null when a character is not of the alphabet. */
  public static byte @org.jspecify.annotations.Nullable [] toBytes(String token) {
    throw new UnsupportedOperationException("interface only");
  }
}
