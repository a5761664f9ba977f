package org.merganser.text.unicode;

/**
 * The printable characters that ByteLevel writes for bytes: Latin-1's printable ones stand for
 * themselves, the others are U+0100 and the following in order.
 */
public final class ByteCharacters {
  private static final char[] CHARACTERS = new char[256];

  static {
    char next = 0x100;
    for (int b = 0; b < 256; b++) {
      boolean printable = (b > 0x20 && b < 0x7F) || (b > 0xA0 && b != 0xAD);
      CHARACTERS[b] = printable ? (char) b : next++;
    }
  }

  private ByteCharacters() {}

  /** The character of a byte, 0 to 255. */
  public static char of(int b) {
    return CHARACTERS[b];
  }
}
