package org.merganser.tokenizer;

/**
 * Copies a short text at the end of its array to an array with room after it: scanners and caches
 * read blocks and longs, and would be slow for a line in an array of its own. Not thread-safe.
 */
final class PaddedText {
  /** The maximum number of bytes after a text that a scanner reads. */
  private static final int ROOM = 64;

  /** The maximum length of padded text; the end of longer text matters little. */
  private static final int LONGEST = 4096;

  private final byte[] copy = new byte[LONGEST + ROOM];

  /** Whether {@code text[from, to)} lacks room and should be read from {@link #copy}. */
  static boolean isMissing(byte[] text, int from, int to) {
    return text.length - to < ROOM && to - from <= LONGEST;
  }

  /** An array that begins with the text; valid until the next call. */
  byte[] copy(byte[] text, int from, int to) {
    System.arraycopy(text, from, copy, 0, to - from);
    return copy;
  }
}
