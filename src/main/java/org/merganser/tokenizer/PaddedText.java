package org.merganser.tokenizer;

/**
 * Copies short texts at the end of their array to an array with room: scanners and caches read
 * whole blocks and longs, and would be slow for a line in an array of its own. For one thread.
 */
final class PaddedText {
  /** How many bytes behind a text a scanner may read. */
  private static final int ROOM = 64;

  /** The longest text that is padded: the end of a longer one matters little. */
  private static final int LONGEST = 4096;

  private final byte[] copy = new byte[LONGEST + ROOM];

  /** Whether {@code text[from, to)} is better read from {@link #copy}. */
  static boolean isMissing(byte[] text, int from, int to) {
    return text.length - to < ROOM && to - from <= LONGEST;
  }

  /** An array that begins with the text, until the next call. */
  byte[] copy(byte[] text, int from, int to) {
    System.arraycopy(text, from, copy, 0, to - from);
    return copy;
  }
}
