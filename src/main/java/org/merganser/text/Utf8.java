package org.merganser.text;

/** Checks of UTF-8, as the Unicode standard defines well-formed sequences (table 3-7). */
public final class Utf8 {
  private Utf8() {}

  /** The index of the first byte of the first ill-formed sequence in {@code [from, to)}, or -1. */
  public static int firstIllFormed(byte[] text, int from, int to) {
    throw new UnsupportedOperationException("interface only");
  }

  /**
   * The length in bytes of the maximal ill-formed part at {@code at} (what one U+FFFD stands for,
   * as Rust's {@code from_utf8_lossy} and the Unicode standard, chapter 3.9, have it).
   */
  public static int illFormedLength(byte[] text, int at, int to) {
    throw new UnsupportedOperationException("interface only");
  }

  /** Appends {@code text[from, to)} with U+FFFD for each maximal ill-formed part. */
  public static void replaceIllFormed(byte[] text, int from, int to, ByteBuilder out) {
    throw new UnsupportedOperationException("interface only");
  }
}
