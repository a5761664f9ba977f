package org.merganser.bpe.encode;

/**
 * A table of sets of two entries each, of some longs, that forgets when it is full. It begins small
 * and grows with what it holds, up to a bound. For one thread.
 */
abstract class CacheSets {
  /** What a search has found: ids, which are appended. */
  static final int FOUND = 0;

  /** A key that was never added, or is forgotten. */
  static final int NEW = 1;

  /** A key whose ids do not fit an entry: they may be in the next table. */
  static final int ELSEWHERE = 2;

  /** An array's first element is 16 bytes behind its start: a cache line begins six longs later. */
  private static final int LEAD = 6;

  private static final int FIRST_SETS_LOG = 9;

  /** Longs of an entry: from one to the other one of its set. */
  private final int way;

  /** Which long of an entry is 0 only where the entry is empty. */
  private final int never0;

  private final int mostSetsLog;
  private long[] table = {};
  private int shift;
  private int added;

  /**
   * @param way longs of an entry, a power of two
   * @param never0 which long of an entry is 0 only where the entry is empty
   * @param mostBytes of memory, a power of two
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

  /** The entries; replaced when the table grows. */
  final long[] table() {
    return table;
  }

  /** How far a hash is shifted to be the number of a set; changes when the table grows. */
  final int shift() {
    return shift;
  }

  /** Longs of a set, as a logarithm. */
  final int setLog() {
    return Integer.numberOfTrailingZeros(way) + 1;
  }

  /** Where in the table the set of a hash begins. */
  static int set(long hash, int shift, int setLog) {
    return LEAD + ((int) (hash >>> shift) << setLog);
  }

  /** The hash of the key of the entry at {@code at}. */
  abstract long hash(long[] entries, int at);

  /** Where the set of a hash begins. */
  final int set(long hash) {
    return set(hash, shift, setLog());
  }

  /** The second entry of a set. */
  final int second(int set) {
    return set + way;
  }

  /**
   * Exchanges the entries of a set after its second one was found, so that the commoner of two
   * pretokens is soon found at once.
   */
  final void toFront(int set) {
    for (int i = set; i < set + way; i++) {
      long first = table[i];
      table[i] = table[i + way];
      table[i + way] = first;
    }
  }

  /** Makes room for an entry of a hash, growing where that is due; returns where it is. */
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
    // Behind the first entry, which has been hit already or is the first: words that are met once,
    // as most are, push out each other.
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
