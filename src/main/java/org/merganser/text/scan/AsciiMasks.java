package org.merganser.text.scan;

import static org.merganser.binary.LittleEndian.LONG;

import java.util.Arrays;

/**
 * Class masks of 64 bytes of text: bit i of a mask belongs to byte i. Eight bytes at a time are
 * processed in a long (SWAR), without branches.
 *
 * <p>How a class is found: with the high bit of each byte cleared, adding {@code 0x80 - low} sets
 * the high bit exactly where the byte is at least {@code low}, and no sum carries into the next
 * byte. So {@code (x + 0x50..) & ~(x + 0x46..)} has the high bit of each byte in {@code '0'..'9'}.
 * {@link #gather} then moves the eight high bits together: for digits in bytes 0 and 2 of {@code
 * "1a2bcdef"} it returns {@code 0b101}. Bytes outside ASCII, whose high bit was set, are cleared at
 * the end.
 *
 * <p>Each method reads the 64 bytes from {@code at} on, which must be in the array. The masks of
 * ASCII classes need the mask of {@link #nonAscii}.
 *
 * <p>The incubating Vector API is twice as fast on JDK 25, but a sixth as fast on JDK 17.
 */
final class AsciiMasks {
  /** The bytes of a mask, all of which are read. */
  static final int BLOCK = 64;

  // Tables by ASCII character: all ones for a character of the class, else 0. They are for blocks
  // in which few characters need a look-up.

  /** {@code [0-9]}. */
  static final long[] IF_DIGIT = new long[0x80];

  /** Tab, LF, VT, FF and CR. */
  static final long[] IF_TAB_OR_NEWLINE = new long[0x80];

  /** LF and CR. */
  static final long[] IF_NEWLINE = new long[0x80];

  /** The apostrophe. */
  static final long[] IF_APOSTROPHE = new long[0x80];

  /** A one in each byte. */
  private static final long ONES = 0x0101010101010101L;

  /** All bits but the highest of each byte. */
  private static final long LOW_BITS = 0x7F * ONES;

  /** The highest bit of each byte. */
  private static final long HIGH_BITS = ~LOW_BITS;

  static {
    Arrays.fill(IF_DIGIT, '0', '9' + 1, -1L);
    Arrays.fill(IF_TAB_OR_NEWLINE, '\t', '\r' + 1, -1L);
    IF_NEWLINE['\n'] = -1L;
    IF_NEWLINE['\r'] = -1L;
    IF_APOSTROPHE['\''] = -1L;
  }

  private AsciiMasks() {}

  /** Bytes of characters outside ASCII. */
  static long nonAscii(byte[] text, int at) {
    long mask = 0;
    for (int i = 0; i < BLOCK; i += 8) {
      mask |= gather((long) LONG.get(text, at + i)) << i;
    }
    return mask;
  }

  /** Bytes after the first of a character outside ASCII: 10xxxxxx. */
  static long continuations(byte[] text, int at) {
    long mask = 0;
    for (int i = 0; i < BLOCK; i += 8) {
      long x = (long) LONG.get(text, at + i);
      mask |= gather(x & ~(x << 1)) << i;
    }
    return mask;
  }

  /** {@code [A-Za-z]}. */
  static long letters(byte[] text, int at, long nonAscii) {
    long mask = 0;
    for (int i = 0; i < BLOCK; i += 8) {
      long low = (long) LONG.get(text, at + i) & LOW_BITS;
      long lowerCase = low | (0x20 * ONES);
      mask |= gather(atLeast(lowerCase, 'a') & ~atLeast(lowerCase, 'z' + 1)) << i;
    }
    return mask & ~nonAscii;
  }

  /** {@code [A-Z]}. */
  static long upperCase(byte[] text, int at, long nonAscii) {
    long mask = 0;
    for (int i = 0; i < BLOCK; i += 8) {
      long low = (long) LONG.get(text, at + i) & LOW_BITS;
      mask |= gather(atLeast(low, 'A') & ~atLeast(low, 'Z' + 1)) << i;
    }
    return mask & ~nonAscii;
  }

  /** {@code [0-9]}. */
  static long digits(byte[] text, int at, long nonAscii) {
    long mask = 0;
    for (int i = 0; i < BLOCK; i += 8) {
      long low = (long) LONG.get(text, at + i) & LOW_BITS;
      mask |= gather(atLeast(low, '0') & ~atLeast(low, '9' + 1)) << i;
    }
    return mask & ~nonAscii;
  }

  /** Tab, LF, VT, FF and CR. */
  static long tabsAndNewlines(byte[] text, int at, long nonAscii) {
    long mask = 0;
    for (int i = 0; i < BLOCK; i += 8) {
      long low = (long) LONG.get(text, at + i) & LOW_BITS;
      mask |= gather(atLeast(low, '\t') & ~atLeast(low, '\r' + 1)) << i;
    }
    return mask & ~nonAscii;
  }

  /** LF and CR. */
  static long newlines(byte[] text, int at, long nonAscii) {
    long mask = 0;
    for (int i = 0; i < BLOCK; i += 8) {
      long low = (long) LONG.get(text, at + i) & LOW_BITS;
      mask |= gather(~(differs(low, '\n') & differs(low, '\r'))) << i;
    }
    return mask & ~nonAscii;
  }

  /** Control characters that are not white space: below tab, between CR and space, and DEL. */
  static long controls(byte[] text, int at, long nonAscii) {
    long mask = 0;
    for (int i = 0; i < BLOCK; i += 8) {
      long low = (long) LONG.get(text, at + i) & LOW_BITS;
      mask |=
          gather(
                  ~atLeast(low, '\t')
                      | (atLeast(low, '\r' + 1) & ~atLeast(low, ' '))
                      | atLeast(low, 0x7F))
              << i;
    }
    return mask & ~nonAscii;
  }

  /** The bytes equal to an ASCII character. */
  static long equal(byte[] text, int at, long nonAscii, char c) {
    long mask = 0;
    for (int i = 0; i < BLOCK; i += 8) {
      long low = (long) LONG.get(text, at + i) & LOW_BITS;
      mask |= gather(differs(low, c)) << i;
    }
    return ~(mask | nonAscii);
  }

  /** Bytes from {@code lowest} to {@code highest}, both at least 0x80. */
  static long between(byte[] text, int at, int lowest, int highest) {
    long mask = 0;
    for (int i = 0; i < BLOCK; i += 8) {
      long x = (long) LONG.get(text, at + i);
      long low = x & LOW_BITS;
      long flags = atLeast(low, lowest & 0x7F) & ~atLeast(low, (highest & 0x7F) + 1);
      mask |= gather(flags & x) << i;
    }
    return mask;
  }

  /** The high bit of each byte of {@code low} (all below 0x80) that is at least {@code bound}. */
  private static long atLeast(long low, int bound) {
    return low + (0x80 - bound) * ONES;
  }

  /** The high bit of each byte of {@code low} (all below 0x80) that is not {@code c}. */
  private static long differs(long low, char c) {
    return (low ^ (c * ONES)) + LOW_BITS;
  }

  /**
   * The high bits of the eight bytes as bits 0..7. The product adds the bit at 8k + 7 shifted by 49
   * - 7k, that is to 56 + k; no two of its terms meet, and no other reaches the top byte.
   */
  private static long gather(long flags) {
    return ((flags & HIGH_BITS) * 0x0002040810204081L) >>> 56;
  }
}
