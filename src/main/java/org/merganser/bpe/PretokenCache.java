package org.merganser.bpe;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The ids of short pretokens, found again by their bytes: nine in ten pretokens are one token and
 * ninety-nine in a hundred have been met before. For one thread; bounded, the older entry of a set
 * gives way.
 *
 * <p>An entry is four longs. The key is the pretoken's 1 to {@value #LONGEST} bytes as two
 * little-endian longs with its length in the top byte: "car" is {@code k0 = 0x0000_0000_0072_6163},
 * {@code k1 = 0x03 << 56}. Then up to four ids, two a long; how many they are stands above the
 * length, so that the top byte of "car" with two ids is {@code 0x23}. An empty entry has length 0
 * and equals no key. Two entries make a set of 64 bytes, placed so that in a large array it is a
 * cache line; the set is chosen by a folded 64 by 64 bit product of the key (as in wyhash).
 */
final class PretokenCache {
  static final int LONGEST = 15;
  static final int MOST_IDS = 4;
  static final int WAY = 4;
  static final long LENGTH_AND_BYTES = 0x0FFF_FFFF_FFFF_FFFFL;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** An array's first element stands 16 bytes behind its start: six longs on is a cache line. */
  private static final int LEAD = 6;

  private static final int SET_LOG = 3;
  private static final int FIRST_SETS_LOG = 9;
  private static final int MOST_SETS_LOG = 16;

  private static final long[] LOW = new long[LONGEST + 1];
  private static final long[] HIGH = new long[LONGEST + 1];

  static {
    for (int n = 0; n <= LONGEST; n++) {
      LOW[n] = n >= 8 ? -1L : (1L << 8 * n) - 1;
      HIGH[n] = n <= 8 ? 0 : (1L << 8 * (n - 8)) - 1;
    }
  }

  private long[] table;
  private int shift;
  private int added;

  PretokenCache() {
    allocate(FIRST_SETS_LOG);
  }

  private void allocate(int setsLog) {
    table = new long[LEAD + (1 << setsLog + SET_LOG)];
    shift = 64 - setsLog;
    added = 0;
  }

  /** The entries; replaced when the cache grows. */
  long[] table() {
    return table;
  }

  int shift() {
    return shift;
  }

  /** Bytes 0 to 7 of the key of {@code text[from, from + length)}; 1 to 15 bytes. */
  static long low(byte[] text, int from, int length) {
    if (from + 8 <= text.length) {
      return (long) LONGS.get(text, from) & LOW[length];
    }
    return slow(text, from, Math.min(length, 8));
  }

  /** Bytes 8 to 14 of the key, under its length. */
  static long high(byte[] text, int from, int length) {
    long bytes;
    if (length <= 8) {
      bytes = 0;
    } else if (from + 16 <= text.length) {
      bytes = (long) LONGS.get(text, from + 8) & HIGH[length];
    } else {
      bytes = slow(text, from + 8, length - 8);
    }
    return bytes | (long) length << 56;
  }

  private static long slow(byte[] text, int from, int length) {
    long bytes = 0;
    for (int i = length - 1; i >= 0; i--) {
      bytes = bytes << 8 | (text[from + i] & 0xFF);
    }
    return bytes;
  }

  /** Where in the table a key's set begins. */
  static int set(long low, long high, int shift) {
    long a = low ^ 0x9E37_79B9_7F4A_7C15L;
    long b = high ^ 0x3C79_AC49_2BA7_B653L;
    return LEAD + ((int) ((Math.multiplyHigh(a, b) ^ a * b) >>> shift) << SET_LOG);
  }

  /** Remembers the ids {@code ids[from, from + count)} of a key; at most {@link #MOST_IDS}. */
  void add(long low, long high, int[] ids, int from, int count) {
    if (added > (2 << 64 - shift) >> 1 && 64 - shift < MOST_SETS_LOG) {
      grow();
    }
    long first = count > 1 ? (long) ids[from + 1] << 32 | ids[from] : ids[from];
    long second = 0;
    if (count > 2) {
      second = count > 3 ? (long) ids[from + 3] << 32 | ids[from + 2] : ids[from + 2];
    }
    insert(low, high | (long) count << 60, first, second);
    added++;
  }

  private void insert(long low, long high, long first, long second) {
    int set = set(low, high & LENGTH_AND_BYTES, shift);
    System.arraycopy(table, set, table, set + WAY, WAY);
    table[set] = low;
    table[set + 1] = high;
    table[set + 2] = first;
    table[set + 3] = second;
  }

  private void grow() {
    long[] old = table;
    allocate(Math.min(MOST_SETS_LOG, 64 - shift + 2));
    // From the back, so that of two entries that meet the newer stays in front.
    for (int at = old.length - WAY; at >= LEAD; at -= WAY) {
      if (old[at + 1] != 0) {
        insert(old[at], old[at + 1], old[at + 2], old[at + 3]);
        added++;
      }
    }
  }
}
