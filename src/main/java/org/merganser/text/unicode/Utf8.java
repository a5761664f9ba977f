package org.merganser.text.unicode;

import org.merganser.binary.ByteBuilder;

/**
 * Checks UTF-8 against the Unicode standard's well-formed sequences (table 3-7), replaces what is
 * ill-formed, and reads code points. {@link Utf8Words} does the fast part of a check.
 */
public final class Utf8 {
  /** U+FFFD. */
  private static final byte[] REPLACEMENT = {(byte) 0xEF, (byte) 0xBF, (byte) 0xBD};

  private Utf8() {}

  /** The index of the first byte of the first ill-formed sequence in {@code [from, to)}, or -1. */
  public static int firstIllFormed(byte[] text, int from, int to) {
    int at = Utf8Words.wellFormedUntil(text, from, to);
    while (at < to) {
      int length = sequenceLength(text, at, to);
      if (length < 0) {
        return at;
      }
      at += length;
    }
    return -1;
  }

  /**
   * Whether the last character of {@code text[from, to)} is incomplete. Reads only the last three
   * bytes, the most that an incomplete character has.
   */
  public static boolean endsInsideCharacter(byte[] text, int from, int to) {
    if (from == to || text[to - 1] >= 0) {
      return false;
    }
    int lead = to - 1;
    while (lead > from && lead > to - 3 && CodePoints.isContinuation(text[lead])) {
      lead--;
    }
    return !CodePoints.isContinuation(text[lead]) && CodePoints.length(text[lead]) > to - lead;
  }

  /**
   * The length in bytes of the maximal ill-formed part at {@code at}, which one U+FFFD replaces
   * (Rust's {@code from_utf8_lossy}; Unicode standard, chapter 3.9).
   *
   * @throws IllegalArgumentException if a well-formed character starts there
   */
  public static int illFormedLength(byte[] text, int at, int to) {
    int length = sequenceLength(text, at, to);
    if (length > 0) {
      throw new IllegalArgumentException(
          "a well-formed character of " + length + " bytes starts at byte " + at);
    }
    return -length;
  }

  /** Appends {@code text[from, to)} with U+FFFD for each maximal ill-formed part. */
  public static void replaceIllFormed(byte[] text, int from, int to, ByteBuilder out) {
    int at = from;
    int bad = firstIllFormed(text, at, to);
    while (bad >= 0) {
      out.append(text, at, bad);
      out.append(REPLACEMENT);
      at = bad + illFormedLength(text, bad, to);
      bad = firstIllFormed(text, at, to);
    }
    out.append(text, at, to);
  }

  /** The code point whose well-formed sequence starts at {@code at}. */
  public static int codePoint(byte[] text, int at) {
    int lead = text[at];
    if (lead >= 0) {
      return lead;
    }
    if (lead < (byte) 0xE0) {
      return (lead & 0x1F) << 6 | (text[at + 1] & 0x3F);
    }
    if (lead < (byte) 0xF0) {
      return (lead & 0x0F) << 12 | (text[at + 1] & 0x3F) << 6 | (text[at + 2] & 0x3F);
    }
    return (lead & 0x07) << 18
        | (text[at + 1] & 0x3F) << 12
        | (text[at + 2] & 0x3F) << 6
        | (text[at + 3] & 0x3F);
  }

  /**
   * The length of the well-formed sequence at {@code at}, or minus the length of the maximal
   * ill-formed part: the bytes that begin a well-formed sequence, at least one.
   */
  private static int sequenceLength(byte[] text, int at, int to) {
    int lead = text[at] & 0xFF;
    if (lead < 0x80) {
      return 1;
    }
    if (lead < 0xC2 || lead > 0xF4 || at + 1 >= to || !secondFits(lead, text[at + 1] & 0xFF)) {
      return -1;
    }
    int length = CodePoints.length((byte) lead);
    for (int i = 2; i < length; i++) {
      if (at + i >= to || !CodePoints.isContinuation(text[at + i])) {
        return -i;
      }
    }
    return length;
  }

  /** Whether a byte may be the second one after a first byte. */
  private static boolean secondFits(int lead, int second) {
    return switch (lead) {
      case 0xE0 -> second >= 0xA0 && second <= 0xBF; // less would be an overlong form
      case 0xED -> second >= 0x80 && second <= 0x9F; // more would be a surrogate
      case 0xF0 -> second >= 0x90 && second <= 0xBF; // less would be an overlong form
      case 0xF4 -> second >= 0x80 && second <= 0x8F; // more would exceed U+10FFFF
      default -> second >= 0x80 && second <= 0xBF;
    };
  }
}
