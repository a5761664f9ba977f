package org.merganser.corpus.field;

import static org.merganser.binary.LittleEndian.LONG;

/**
 * Searches bytes, eight at a time: {@code (v - 0x01..01) & ~v & 0x80..80} sets the high bit of the
 * first zero byte of {@code v}, and no lower bit (Hacker's Delight, 6-1). A byte is searched as a
 * zero of {@code v ^ 0xbb..bb}, where {@code bb} is the byte.
 */
public final class ByteSearch {

  private static final long ONES = 0x0101_0101_0101_0101L;
  private static final long HIGHS = 0x8080_8080_8080_8080L;

  /** A space in each byte: the lowest byte that a JSON string may have without an escape. */
  private static final long SPACES = 0x2020_2020_2020_2020L;

  private ByteSearch() {}

  /** The index of the first {@code wanted} in {@code bytes[from, to)}; -1 if there is none. */
  public static int indexOf(byte[] bytes, int from, int to, byte wanted) {
    long pattern = ONES * (wanted & 0xFF);
    int i = from;
    for (; i + Long.BYTES <= to; i += Long.BYTES) {
      long zeros = zeroBytes((long) LONG.get(bytes, i) ^ pattern);
      if (zeros != 0) {
        return i + (Long.numberOfTrailingZeros(zeros) >>> 3);
      }
    }
    for (; i < to; i++) {
      if (bytes[i] == wanted) {
        return i;
      }
    }
    return -1;
  }

  /**
   * The index of the first byte in {@code bytes[from, to)} that a JSON string must escape or end
   * at; {@code to} if there is none.
   */
  public static int endOfPlainJson(byte[] bytes, int from, int to) {
    int i = from;
    for (; i + Long.BYTES <= to; i += Long.BYTES) {
      long found = notPlainJson((long) LONG.get(bytes, i));
      if (found != 0) {
        return i + (Long.numberOfTrailingZeros(found) >>> 3);
      }
    }
    while (i < to && isPlainJson(bytes[i])) {
      i++;
    }
    return i;
  }

  /** Nonzero if one of eight bytes is not plain; its lowest bit is then in the first of them. */
  static long notPlainJson(long v) {
    long quotes = zeroBytes(v ^ (ONES * '"'));
    long backslashes = zeroBytes(v ^ (ONES * '\\'));
    long controls = (v - SPACES) & ~v & HIGHS; // bytes below a space, found like zeros
    return quotes | backslashes | controls;
  }

  /** Whether a byte needs no escape in a JSON string and does not end it. */
  static boolean isPlainJson(byte b) {
    return b != '"' && b != '\\' && (b < 0 || b >= ' ');
  }

  /** Nonzero if one of eight bytes is 0; its lowest bit is then in the first of them. */
  private static long zeroBytes(long v) {
    return (v - ONES) & ~v & HIGHS;
  }
}
