package org.merganser.bpe.encode;

/**
 * A cache of sets of two entries each, an entry being some longs. It starts small and grows with
 * its content up to a bound; then it evicts. Not thread-safe.
 */
abstract class CacheSets {
  static final int FOUND = 0;

  static final int NEW = 1;

  /** A key whose ids do not fit an entry; the next table may have them. */
  static final int ELSEWHERE = 2;

  /** An array's first element is 16 bytes after its start: a cache line begins six longs later. */
  private static final int LEAD = 6;

  private static final int FIRST_SETS_LOG = 9;

  /** Longs from one entry of a set to the other. */
  private final int way;

  /** The index of a long that is 0 only in an empty entry. */
  private final int never0;

  private final int mostSetsLog;
  private long[] table = {};
  private int shift;
  private int added;

  /**
   * @param way longs of an entry, a power of two
   * @param never0 the index of a long that is 0 only in an empty entry
   * @param mostBytes the bound of memory, a power of two
   */
  CacheSets(int way, int never0, int mostBytes) {
    this.way = way;
    this.never0 = never0;
    this.mostSetsLog = Integer.numberOfTrailingZeros(mostBytes) - setLog() - 3;
    allocate(FIRST_SETS_LOG);
  }

  private void allocate(int setsLog) {
    table = new long[LEAD + (1 << setsLog + setLog())];
    shift = 64 - setsLog;
    added = 0;
  }

  final long[] table() {
    return table;
  }

  /** The right shift that turns a hash into the number of a set; changes when the table grows. */
  final int shift() {
    return shift;
  }

  final int setLog() {
    return Integer.numberOfTrailingZeros(way) + 1;
  }

  /** Where in the table the set of a hash begins. */
  static int set(long hash, int shift, int setLog) {
    return LEAD + ((int) (hash >>> shift) << setLog);
  }

  /** The hash of the key of the entry at {@code at}. */
  abstract long hash(long[] entries, int at);

  final int set(long hash) {
    return set(hash, shift, setLog());
  }

  final int second(int set) {
    return set + way;
  }

  /** Swaps the entries of a set, so that the more frequent pretoken is found first. */
  final void toFront(int set) {
    for (int i = set; i < set + way; i++) {
      long first = table[i];
      table[i] = table[i + way];
      table[i + way] = first;
    }
  }

  /**
   * Makes room for an entry of a hash, growing the table if it is due; returns the entry's place.
   */
  final int place(long hash) {
    int sets = 1 << 64 - shift;
    if (added > sets && 64 - shift < mostSetsLog) {
      grow();
    }
    added++;
    return room(hash);
  }

  private int room(long hash) {
    int set = set(hash);
    // Second in the set: the first entry may have been hit already. Words that occur once, most of
    // all, evict each other.
    return table[set + never0] == 0 ? set : set + way;
  }

  private void grow() {
    long[] old = table;
    allocate(Math.min(mostSetsLog, 64 - shift + 2));
    for (int from = LEAD; from < old.length; from += way) {
      if (old[from + never0] != 0) {
        System.arraycopy(old, from, table, room(hash(old, from)), way);
        added++;
      }
    }
  }
}
