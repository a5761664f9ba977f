package org.merganser.corpus.field;

/**
 * The byte order mark: U+FEFF in UTF-8, which some programs write before the text of a file.
 * Readers of records skip it at the beginning of a file; a text that is one document, or lines of
 * documents, keeps it.
 */
public final class ByteOrderMark {
  /** The number of bytes of the mark. */
  public static final int LENGTH = 3;

  /** The mark in a string that has a character for each byte, as of ISO-8859-1. */
  public static final String LATIN_1 = "\u00ef\u00bb\u00bf";

  /** The mark in a decoded text. */
  private static final String CHARACTER = "\uFEFF";

  private ByteOrderMark() {}

  /** A decoded text without the mark at its beginning, if it has one. */
  public static String removedFrom(String text) {
    return text.startsWith(CHARACTER) ? text.substring(CHARACTER.length()) : text;
  }

  /** Whether {@code bytes[from, to)} begins with the mark. */
  public static boolean begins(byte[] bytes, int from, int to) {
    return to - from >= LENGTH
        && bytes[from] == (byte) 0xEF
        && bytes[from + 1] == (byte) 0xBB
        && bytes[from + 2] == (byte) 0xBF;
  }
}
