package org.merganser.bpe.encode;

/**
 * A cache of sets of two entries each, an entry being some longs. It starts small and grows with
 * its content up to a bound; then it evicts. Sets and entries are named by the index of their first
 * long in the table. Not thread-safe.
 */
abstract class CacheSets {
  /** Result of a look-up: the ids were appended. */
  static final int FOUND = 0;

  /** Result of a look-up: the key is not in the cache. */
  static final int NEW = 1;

  /** Result of a look-up: the key's ids do not fit an entry; the next cache may have them. */
  static final int ELSEWHERE = 2;

  /**
   * An array's first element is 16 bytes after its start. So the longs from index 6 on fill whole
   * cache lines of 64 bytes if the array starts with one; Java aligns only to 8 bytes, so this is
   * likely for large arrays, not certain.
   */
  private static final int LEAD = 6;

  /** The binary logarithm of the number of sets of a new cache. */
  private static final int FIRST_SETS_LOG = 9;

  /** The longs of an entry, which are the distance from one entry of a set to the other. */
  private final int entryLongs;

  /** The index in an entry of a long that is not 0, except in an empty entry. */
  private final int markAt;

  /** The binary logarithm of the maximum number of sets. */
  private final int mostSetsLog;

  /** {@link #LEAD} unused longs, then the sets. */
  private long[] table = {};

  /** The right shift that turns a hash into the number of a set. */
  private int shift;

  /** The entries that were added to the current table, evicted ones included. */
  private int added;

  /**
   * @param entryLongs the longs of an entry, a power of two
   * @param markAt the index in an entry of a long that is not 0, except in an empty entry
   * @param mostBytes the bound of memory, a power of two
   */
  CacheSets(int entryLongs, int markAt, int mostBytes) {
    this.entryLongs = entryLongs;
    this.markAt = markAt;
    int longLog = 3;
    this.mostSetsLog = Integer.numberOfTrailingZeros(mostBytes) - setLog() - longLog;
    allocate(FIRST_SETS_LOG);
  }

  /** The hash of the key of an entry. */
  abstract long hash(long[] entries, int at);

  /** All sets; another array after a {@link #placeForNew} that grows the table. */
  final long[] table() {
    return table;
  }

  /** The right shift that turns a hash into the number of a set; changes when the table grows. */
  final int shift() {
    return shift;
  }

  /** The binary logarithm of the longs of a set. */
  final int setLog() {
    return Integer.numberOfTrailingZeros(entryLongs) + 1;
  }

  /** The set of a hash, for a loop that reads {@link #shift} and {@link #setLog} once before it. */
  static int set(long hash, int shift, int setLog) {
    return LEAD + ((int) (hash >>> shift) << setLog);
  }

  /** The set of a hash, which is also its first entry. */
  final int set(long hash) {
    return set(hash, shift, setLog());
  }

  /** The second entry of a set. */
  final int second(int set) {
    return set + entryLongs;
  }

  /** Swaps the entries of a set, so that the more frequent pretoken is found first. */
  final void toFront(int set) {
    for (int i = set; i < set + entryLongs; i++) {
      long first = table[i];
      table[i] = table[i + entryLongs];
      table[i + entryLongs] = first;
    }
  }

  /**
   * Where a new entry of a hash is to be written, which evicts an entry that is there. May grow the
   * table first, so that {@link #table} returns another array.
   */
  final int placeForNew(long hash) {
    int setsLog = Long.SIZE - shift;
    int sets = 1 << setsLog;
    if (added > sets && setsLog < mostSetsLog) { // about half of the entries are used
      grow();
    }
    added++;
    return entryFor(hash);
  }

  /** The entry for a hash: the first one of its set if that is empty, else the second. */
  private int entryFor(long hash) {
    int set = set(hash);
    // The second one is evicted, since the first one is more frequent (toFront). So words that
    // occur once mostly evict each other.
    return table[set + markAt] == 0 ? set : set + entryLongs;
  }

  /** Makes the table four times as large, or as large as it may be, and adds all entries again. */
  private void grow() {
    long[] old = table;
    int setsLog = Long.SIZE - shift;
    allocate(Math.min(mostSetsLog, setsLog + 2));
    for (int from = LEAD; from < old.length; from += entryLongs) {
      if (old[from + markAt] != 0) {
        System.arraycopy(old, from, table, entryFor(hash(old, from)), entryLongs);
        added++;
      }
    }
  }

  /** Makes the table an empty one of 2^{@code setsLog} sets. */
  private void allocate(int setsLog) {
    table = new long[LEAD + (1 << (setsLog + setLog()))];
    shift = Long.SIZE - setsLog;
    added = 0;
  }
}
