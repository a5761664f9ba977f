package org.merganser.corpus.field;

import static org.merganser.binary.ByteBuilder.LONG;

/**
 * Searches eight bytes at a time: {@code (v - 0x01..01) & ~v & 0x80..80} sets the high bit of the
 * first zero byte of {@code v}, and no lower bit (Hacker's Delight, 6-1).
 */
public final class ByteSearch {
  private static final long ONES = 0x0101_0101_0101_0101L;
  private static final long HIGHS = 0x8080_8080_8080_8080L;

  private ByteSearch() {}

  /** The first place of {@code wanted} in {@code [from, to)}, or -1. */
  public static int indexOf(byte[] bytes, int from, int to, byte wanted) {
    long pattern = ONES * (wanted & 0xFF);
    int i = from;
    for (; i + 8 <= to; i += 8) {
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
   * The first byte of {@code [from, to)} that a JSON string must escape or end at, or {@code to}.
   */
  public static int endOfPlainJson(byte[] bytes, int from, int to) {
    int i = from;
    for (; i + 8 <= to; i += 8) {
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
    long control = v - 0x2020_2020_2020_2020L & ~v & HIGHS;
    return zeroBytes(v ^ ONES * '"') | zeroBytes(v ^ ONES * '\\') | control;
  }

  static boolean isPlainJson(byte b) {
    return b != '"' && b != '\\' && (b < 0 || b >= 0x20);
  }

  public static boolean startsWithMark(byte[] bytes, int from, int to) {
    return to - from >= 3
        && bytes[from] == (byte) 0xEF
        && bytes[from + 1] == (byte) 0xBB
        && bytes[from + 2] == (byte) 0xBF;
  }

  private static long zeroBytes(long v) {
    return v - ONES & ~v & HIGHS;
  }
}
