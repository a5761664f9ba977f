package org.merganser.bpe.encode;

import org.merganser.bpe.LittleEndianWords;
import org.merganser.bpe.PackedIds;

/**
 * The ids of short pretokens, found again by their bytes: nine in ten pretokens are one token and
 * ninety-nine in a hundred have been met before. For one thread; bounded.
 *
 * <p>An entry is four longs. The key is the pretoken's 1 to {@value #LONGEST} bytes as two
 * little-endian longs with its length in the top byte: "car" is {@code low =
 * 0x0000_0000_0072_6163}, {@code high = 0x03 << 56}. Then two longs of ids: four, or eight of 16
 * bits where the vocabulary allows; how many they are, less one, stands above the length, so that
 * the top byte of "car" with two ids is {@code 0x13}. An empty entry has length 0 and equals no
 * key. Two entries make a set of 64 bytes, placed so that in a large array it is a cache line; the
 * set is chosen by a folded 64 by 64 bit product of the key (as in wyhash).
 */
final class PretokenCache {
  static final int LONGEST = 15;

  /** The most ids that an entry may hold. */
  static final int MOST_IDS = 8;

  /** From an entry to the other one of its set. */
  static final int WAY = 4;

  /** Hides the number of ids in an entry's second long. */
  static final long KEY = ~(7L << 60);

  /**
   * Marks the key of a part of a pretoken where parts may have other ids than pretokens (with
   * {@code ignore_merges} a pretoken is looked up whole, a part isn't).
   */
  static final long PART = 1L << 63;

  /** An array's first element stands 16 bytes behind its start: six longs on is a cache line. */
  private static final int LEAD = 6;

  private static final int SET_LOG = 3;
  private static final int SET_BYTES_LOG = SET_LOG + 3;
  private static final int FIRST_SETS_LOG = 9;

  private long[] table = {};
  private int shift;
  private int added;

  private final boolean narrow;
  private final int mostSetsLog;

  /**
   * @param narrow whether all ids fit 16 bits
   * @param mostBytes of memory, a power of two
   */
  PretokenCache(boolean narrow, int mostBytes) {
    this.narrow = narrow;
    this.mostSetsLog = Integer.numberOfTrailingZeros(mostBytes) - SET_BYTES_LOG;
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

  /** What {@link #set} needs to know of the table's size. */
  int shift() {
    return shift;
  }

  /** Where in the table a key's set begins. */
  static int set(long low, long high, int shift) {
    return LEAD + ((int) (LittleEndianWords.mix(high, low) >>> shift) << SET_LOG);
  }

  /**
   * Whether the second entry of the set at {@code set} is the key's; if so it changes places with
   * the first, so that the commoner of two words is soon found at once.
   */
  private static boolean toFront(long[] table, int set, long low, long high) {
    int second = set + WAY;
    long found = table[second + 1];
    if (table[second] != low || (found & KEY) != high) {
      return false;
    }
    long a = table[second + 2];
    long b = table[second + 3];
    System.arraycopy(table, set, table, second, WAY);
    table[set] = low;
    table[set + 1] = found;
    table[set + 2] = a;
    table[set + 3] = b;
    return true;
  }

  /** Where a key's entry begins, or -1. */
  int find(long low, long high) {
    int set = set(low, high, shift);
    boolean found =
        table[set] == low && (table[set + 1] & KEY) == high || toFront(table, set, low, high);
    return found ? set : -1;
  }

  /** Whether {@code count} ids fit an entry. */
  boolean holds(int count) {
    return count > 0 && count <= (narrow ? 8 : 4);
  }

  /** Remembers the ids {@code ids[from, from + count)} of a key, which an entry {@link #holds}. */
  void add(long low, long high, int[] ids, int from, int count) {
    int sets = 1 << 64 - shift;
    if (added > sets && 64 - shift < mostSetsLog) {
      grow();
    }
    int half = narrow ? 4 : 2;
    long first = PackedIds.pack(ids, from, Math.min(count, half), narrow);
    long second = PackedIds.pack(ids, from + half, count - half, narrow);
    insert(low, high | (long) (count - 1) << 60, first, second);
    added++;
  }

  private void insert(long low, long high, long first, long second) {
    long[] entries = table;
    int set = set(low, high & KEY, shift);
    // Behind the first entry, which has been hit already or is the first: words that are met once,
    // as most are, push out each other.
    if (entries[set + 1] != 0) {
      set += WAY;
    }
    entries[set] = low;
    entries[set + 1] = high;
    entries[set + 2] = first;
    entries[set + 3] = second;
  }

  private void grow() {
    long[] old = table;
    allocate(Math.min(mostSetsLog, 64 - shift + 2));
    for (int at = LEAD; at < old.length; at += WAY) {
      if (old[at + 1] != 0) {
        insert(old[at], old[at + 1], old[at + 2], old[at + 3]);
        added++;
      }
    }
  }
}
