package org.merganser.text.unicode;

/**
 * The printable characters that ByteLevel writes for bytes: Latin-1's printable ones for
 * themselves, U+0100 and following in order for the others.
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

  public static char of(int b) {
    return CHARACTERS[b];
  }
}
