package org.merganser.text.unicode;

import static org.merganser.binary.LittleEndian.LONG;

/**
 * First bytes of UTF-8 characters that decide the class, since all characters that begin with them
 * have it: 0xD0 and 0xD1 (U+0400 to U+047F) are letters in most patterns, 0xE5 to 0xE9 (U+5000 to
 * U+9FFF) as well. A block of Russian then takes one comparison of all its bytes instead of a
 * look-up for each character.
 */
public final class UniformLeadBytes {
  /**
   * The {@link #range} of a first byte whose characters have different classes or no flags. The
   * first bytes of characters of four bytes, and bytes that begin no character, have it as well.
   */
  public static final int MIXED = 0;

  private static final long ONES = 0x0101_0101_0101_0101L;
  private static final long HIGH_BITS = 0x8080_8080_8080_8080L;

  /** By first byte, its {@link #range}. */
  private final int[] ranges = new int[256];

  /**
   * @param classes flags by code point, as in {@code PretokenClasses.table}
   */
  public UniformLeadBytes(byte[] classes) {
    int[] flags = new int[256];
    for (int lead = 0xC2; lead < 0xF0; lead++) {
      flags[lead] = commonFlags(lead, classes);
    }
    for (int lead = 0xC2; lead < 0xF0; lead++) {
      if (flags[lead] == 0) {
        continue;
      }
      // The bytes 0xC1 and 0xF0 have no flags, so both loops end.
      int low = lead;
      while (flags[low - 1] == flags[lead]) {
        low--;
      }
      int high = lead;
      while (flags[high + 1] == flags[lead]) {
        high++;
      }
      ranges[lead] = range(flags[lead], high, low);
    }
  }

  /** The flags of all characters that begin with a byte; 0 if they differ. */
  private static int commonFlags(int lead, byte[] classes) {
    boolean ofTwo = lead < 0xE0;
    int bits = ofTwo ? 6 : 12; // of the bytes after the first
    int first = (lead & (ofTwo ? 0x1F : 0x0F)) << bits;
    // Below U+0800 are overlong forms; U+D800 to U+DFFF are surrogates.
    int start = lead == 0xE0 ? 0x800 : first;
    int end = lead == 0xED ? 0xD800 : first + (1 << bits);
    int flags = classes[start] & 0xFF;
    for (int c = start; c < end; c++) {
      if ((classes[c] & 0xFF) != flags) {
        return 0;
      }
    }
    return flags;
  }

  /**
   * The range of first bytes around {@code lead} with its class, or {@link #MIXED}. Its parts are
   * {@link #flags}, {@link #highest} and {@link #lowest}.
   */
  public int range(byte lead) {
    return ranges[lead & 0xFF];
  }

  /** A range of its parts. */
  private static int range(int flags, int highest, int lowest) {
    return flags << 16 | highest << 8 | lowest;
  }

  /** The flags of a range. */
  public static int flags(int range) {
    return range >>> 16;
  }

  /** The highest first byte of a range. */
  public static int highest(int range) {
    return (range >>> 8) & 0xFF;
  }

  /** The lowest first byte of a range. */
  public static int lowest(int range) {
    return range & 0xFF;
  }

  /**
   * The end of the run from {@code at} on of ASCII and of characters that begin with a byte of
   * {@code range}. The run may end inside a character at {@code to}.
   *
   * <p>Eight bytes at a time: the high bit of each byte is set in {@code other} if the byte begins
   * a character (its two upper bits are set) outside the range.
   */
  public static int runEnd(byte[] text, int at, int to, int range) {
    // Added to the lower seven bits of a byte, these carry into its high bit from the lowest first
    // byte on, and above the highest one.
    long fromLowest = (0x80 - (lowest(range) & 0x7F)) * ONES;
    long aboveHighest = (0x7F - (highest(range) & 0x7F)) * ONES;
    int i = at;
    for (; i <= to - 8; i += 8) {
      long bytes = (long) LONG.get(text, i);
      long low = bytes & ~HIGH_BITS;
      long outside = ~(low + fromLowest) | (low + aboveHighest);
      long other = bytes & (bytes << 1) & outside & HIGH_BITS;
      if (other != 0) {
        return i + (Long.numberOfTrailingZeros(other) >> 3);
      }
    }
    while (i < to && isInRun(text[i], range)) {
      i++;
    }
    return i;
  }

  /** Whether a byte is ASCII, a continuation, or a first byte of the range. */
  private static boolean isInRun(byte b, int range) {
    if (b >= 0 || b < (byte) 0xC0) {
      return true;
    }
    return (b & 0xFF) >= lowest(range) && (b & 0xFF) <= highest(range);
  }
}
