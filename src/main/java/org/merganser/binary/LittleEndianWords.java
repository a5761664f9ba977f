package org.merganser.binary;

import static org.merganser.binary.LittleEndian.LONG;

/**
 * Text as little-endian longs, for the keys and hashes of pretokens. Except in the methods named
 * inside, whose caller must know that the bytes are there, nothing is read after the end of the
 * array.
 */
public final class LittleEndianWords {
  /** The lowest bit of the length in {@link #high}. */
  private static final int LENGTH_SHIFT = 56;

  /** By the length of a text, a mask of those of its first eight bytes that it has. */
  private static final long[] LOW = new long[16];

  /** By the length of a text, a mask of those of its second eight bytes that it has. */
  private static final long[] HIGH = new long[16];

  static {
    for (int length = 0; length < 16; length++) {
      LOW[length] = length >= 8 ? -1L : (1L << (8 * length)) - 1;
      HIGH[length] = length <= 8 ? 0 : (1L << (8 * (length - 8))) - 1;
    }
  }

  private LittleEndianWords() {}

  /** The {@code length} bytes, 1 to 8, at {@code from}: the first lowest, zeros above. */
  public static long load(byte[] text, int from, int length) {
    if (from + 8 <= text.length) {
      long mask = -1L >>> (64 - 8 * length);
      return (long) LONG.get(text, from) & mask;
    }
    long bytes = 0;
    for (int i = length - 1; i >= 0; i--) {
      bytes = (bytes << 8) | (text[from + i] & 0xFF);
    }
    return bytes;
  }

  /** Bytes 0 to 7 of the {@code PretokenCache} key of a pretoken of 1 to 15 bytes. */
  public static long low(byte[] text, int from, int length) {
    return load(text, from, Math.min(length, 8));
  }

  /** Bytes 8 to 14 of that key, with the length in the top byte. */
  public static long high(byte[] text, int from, int length) {
    long bytes = length <= 8 ? 0 : load(text, from + 8, length - 8);
    return bytes | ((long) length << LENGTH_SHIFT);
  }

  /** The 8 bytes at {@code from}, all of which are inside the array. */
  public static long inside(byte[] text, int from) {
    return (long) LONG.get(text, from);
  }

  /** {@link #low} without branches, if 16 bytes from {@code from} on are inside the array. */
  public static long lowInside(byte[] text, int from, int length) {
    return (long) LONG.get(text, from) & LOW[length];
  }

  /** {@link #high} without branches, if 16 bytes from {@code from} on are inside the array. */
  public static long highInside(byte[] text, int from, int length) {
    long bytes = (long) LONG.get(text, from + 8) & HIGH[length];
    return bytes | ((long) length << LENGTH_SHIFT);
  }

  /** A hash of {@code text[from, from + length)}, at least one byte, that uses all 32 bits. */
  public static int hash(byte[] text, int from, int length, int seed) {
    long hash = (long) seed + length;
    if (length < 8) {
      hash = mix(hash, load(text, from, length));
    } else {
      for (int i = 0; i < length - 8; i += 8) {
        hash = mix(hash, (long) LONG.get(text, from + i));
      }
      hash = mix(hash, (long) LONG.get(text, from + length - 8));
    }
    return (int) (hash ^ (hash >>> 32));
  }

  /**
   * A folded 64 by 64 bit product, as in wyhash. The two constants have about as many ones as
   * zeros: without them, zero bytes would have the same product with every hash.
   */
  public static long mix(long hash, long bytes) {
    long a = hash ^ 0x3C79_AC49_2BA7_B653L;
    long b = bytes ^ HashMultiplier.GOLDEN_RATIO;
    return Math.multiplyHigh(a, b) ^ (a * b);
  }
}
