package org.merganser.bpe.train;

import java.util.Arrays;

/**
 * For each of many numbered pairs how often it occurs and what its places take in {@link
 * OccurrenceLists}; then, when the same places come again, where the next one is written. All data
 * of a pair is in one cache line. A pair's places come in ascending order.
 */
final class PairPlaceCounts {
  /**
   * For each number its count, and {@code n << 32 | last + 1}: n is at first the units that the
   * distances between its places take so far, and when these are written, where the next goes.
   */
  private long[] entries;

  PairPlaceCounts() {
    entries = new long[1 << 12];
  }

  /** Makes room for a number. */
  void ensure(int number) {
    if (2 * number + 1 >= entries.length) {
      int larger = Math.max(2 * number + 2, entries.length + (entries.length >> 1));
      entries = Arrays.copyOf(entries, larger);
    }
  }

  /**
   * One more place, which counts for {@code count} occurrences.
   *
   * @return whether it is the first
   */
  boolean add(int number, int place, long count) {
    int at = 2 * number;
    long[] e = entries;
    long known = e[at];
    e[at] = known + count;
    long places = e[at + 1];
    int distance = place + 1 - (int) places;
    e[at + 1] = places + ((long) OccurrenceLists.units(distance) << 32) + distance;
    return known == 0;
  }

  long count(int number) {
    return entries[2 * number];
  }

  /** Lowers a count, if there is one. */
  void takeBack(int number, long count) {
    if (entries[2 * number] > 0) {
      entries[2 * number] -= count;
    }
  }

  /** Units of the distances between all places. */
  int units(int number) {
    return (int) (entries[2 * number + 1] >>> 32);
  }

  /** Sets where the next places are written; below 0: they are not. */
  void setCursor(int number, int at) {
    entries[2 * number + 1] = (long) at << 32;
  }

  /** Writes a place where the cursor is. */
  void write(int number, int place, char[] target) {
    int at = 2 * number + 1;
    long places = entries[at];
    if (places < 0) {
      return;
    }
    int distance = place + 1 - (int) places;
    int cursor = (int) (places >>> 32);
    if (distance >= OccurrenceLists.LONG) {
      target[cursor++] = (char) (OccurrenceLists.LONG | distance >>> 16);
    }
    target[cursor++] = (char) distance;
    entries[at] = (long) cursor << 32 | place + 1;
  }

  /** Copies the entry of one number to another. */
  void move(int from, int to) {
    entries[2 * to] = entries[2 * from];
    entries[2 * to + 1] = entries[2 * from + 1];
  }

  void clear(int number) {
    entries[2 * number] = 0;
    entries[2 * number + 1] = 0;
  }
}
