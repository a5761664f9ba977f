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
 * bits where the vocabulary allows; their number less one is in the bits above the length, so that
 * the top byte of "car" with two ids is {@code 0x13}. An empty entry has length 0 and equals no
 * key. Two entries make a set of 64 bytes, placed so that in a large array it is a cache line; the
 * set is chosen by a folded 64 by 64 bit product of the key (as in wyhash).
 *
 * <p>Where ids are only counted an entry is the first two longs, and a set half a cache line.
 */
final class PretokenCache {
  static final int LONGEST = 15;

  /** The most ids that an entry may hold. */
  static final int MOST_IDS = 8;

  /** Hides the number of ids in an entry's second long. */
  static final long KEY = ~(7L << 60);

  /**
   * Marks the key of a part of a pretoken where parts may have other ids than pretokens (with
   * {@code ignore_merges} a pretoken is looked up whole, a part isn't).
   */
  static final long PART = 1L << 63;

  /** An array's first element is 16 bytes behind its start: a cache line begins six longs later. */
  private static final int LEAD = 6;

  private static final int FIRST_SETS_LOG = 9;

  private long[] table = {};
  private int shift;
  private int added;

  private final boolean narrow;
  private final boolean counts;

  /** Longs of a set, as a logarithm. */
  private final int setLog;

  /** From an entry to the other one of its set. */
  private final int way;

  private final int mostSetsLog;

  /**
   * @param narrow whether all ids fit 16 bits
   * @param counts whether ids are only counted
   * @param mostBytes of memory, a power of two
   */
  PretokenCache(boolean narrow, boolean counts, int mostBytes) {
    this.narrow = narrow;
    this.counts = counts;
    this.setLog = counts ? 2 : 3;
    this.way = 1 << setLog - 1;
    this.mostSetsLog = Integer.numberOfTrailingZeros(mostBytes) - setLog - 3;
    allocate(FIRST_SETS_LOG);
  }

  private void allocate(int setsLog) {
    table = new long[LEAD + (1 << setsLog + setLog)];
    shift = 64 - setsLog;
    added = 0;
  }

  /** The entries; replaced when the cache grows. */
  long[] table() {
    return table;
  }

  /** The {@code shift} argument of {@link #set} for the table's size. */
  int shift() {
    return shift;
  }

  /** The {@code setLog} argument of {@link #set}. */
  int setLog() {
    return setLog;
  }

  /** Where in the table a key's set begins. */
  static int set(long low, long high, int shift, int setLog) {
    return LEAD + ((int) (LittleEndianWords.mix(high, low) >>> shift) << setLog);
  }

  /**
   * Whether the second entry of the set at {@code set} is the key's; if so it changes places with
   * the first, so that the commoner of two words is soon found at once.
   */
  private boolean toFront(int set, long low, long high) {
    long[] entries = table;
    int second = set + way;
    if (entries[second] != low || (entries[second + 1] & KEY) != high) {
      return false;
    }
    for (int i = 0; i < way; i++) {
      long first = entries[set + i];
      entries[set + i] = entries[second + i];
      entries[second + i] = first;
    }
    return true;
  }

  /** Where a key's entry begins, or -1. */
  int find(long low, long high) {
    int set = set(low, high, shift, setLog);
    boolean found = table[set] == low && (table[set + 1] & KEY) == high || toFront(set, low, high);
    return found ? set : -1;
  }

  /** How many ids the entry at {@code entry} stands for. */
  int count(int entry) {
    return ((int) (table[entry + 1] >>> 60) & 7) + 1;
  }

  /** Whether {@code count} ids fit an entry. */
  boolean holds(int count) {
    return count > 0 && count <= (narrow || counts ? MOST_IDS : MOST_IDS / 2);
  }

  /** Remembers the ids {@code ids[from, from + count)} of a key, which an entry {@link #holds}. */
  void add(long low, long high, int[] ids, int from, int count) {
    int sets = 1 << 64 - shift;
    if (added > sets && 64 - shift < mostSetsLog) {
      grow();
    }
    int at = insert(low, high | (long) (count - 1) << 60);
    if (!counts) {
      int half = narrow ? 4 : 2;
      table[at + 2] = PackedIds.pack(ids, from, Math.min(count, half), narrow);
      table[at + 3] = PackedIds.pack(ids, from + half, count - half, narrow);
    }
    added++;
  }

  /** Writes a key; returns where its entry begins. */
  private int insert(long low, long high) {
    long[] entries = table;
    int set = set(low, high & KEY, shift, setLog);
    // Behind the first entry, which has been hit already or is the first: words that are met once,
    // as most are, push out each other.
    if (entries[set + 1] != 0) {
      set += way;
    }
    entries[set] = low;
    entries[set + 1] = high;
    return set;
  }

  private void grow() {
    long[] old = table;
    allocate(Math.min(mostSetsLog, 64 - shift + 2));
    for (int from = LEAD; from < old.length; from += way) {
      if (old[from + 1] != 0) {
        int at = insert(old[from], old[from + 1]);
        System.arraycopy(old, from + 2, table, at + 2, way - 2);
        added++;
      }
    }
  }
}
