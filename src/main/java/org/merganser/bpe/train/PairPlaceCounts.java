package org.merganser.bpe.train;

import java.util.Arrays;

/**
 * By number of a pair, its count and the size of its places in {@link OccurrenceLists}. There are
 * two passes for each pair: {@link #add} counts the places, and after {@link #setCursor} {@link
 * #write} writes them. In both, the places of a pair come in ascending order. All data of a pair is
 * in one cache line.
 */
final class PairPlaceCounts {
  /** The cursor of a pair whose places are not written. */
  static final int NO_LIST = -1;

  /**
   * By number, the count, and {@code (n << 32) | (last + 1)}: {@code last} is the last place, and n
   * is in the first pass the units of the distances so far, in the second the address of the next
   * distance.
   */
  private long[] entries = new long[1 << 12];

  /** Makes room for the pair of a number. */
  void ensure(int number) {
    if (2 * number + 1 >= entries.length) {
      int larger = Math.max(2 * number + 2, entries.length + (entries.length >> 1));
      entries = Arrays.copyOf(entries, larger);
    }
  }

  /** Adds a place with its {@code count} of occurrences; returns whether it is the first one. */
  boolean add(int number, int place, long count) {
    int at = 2 * number;
    long[] local = entries;
    long known = local[at];
    local[at] = known + count;
    long places = local[at + 1];
    int distance = place + 1 - (int) places;
    local[at + 1] = places + ((long) OccurrenceLists.units(distance) << 32) + distance;
    return known == 0;
  }

  /** The count of a pair. */
  long count(int number) {
    return entries[2 * number];
  }

  /** Lowers the count of a pair; a count of 0 stays 0. */
  void lower(int number, long count) {
    if (entries[2 * number] > 0) {
      entries[2 * number] -= count;
    }
  }

  /** The units of a pair's distances; only before {@link #setCursor}. */
  int units(int number) {
    return (int) (entries[2 * number + 1] >>> 32);
  }

  /** Begins the second pass of a pair: its places are written from {@code at} on. */
  void setCursor(int number, int at) {
    entries[2 * number + 1] = (long) at << 32;
  }

  /** Writes the next place of a pair into its list; does nothing after {@link #NO_LIST}. */
  void write(int number, int place, char[] target) {
    int at = 2 * number + 1;
    long places = entries[at];
    if (places < 0) {
      return;
    }
    int distance = place + 1 - (int) places;
    int cursor = OccurrenceLists.writeDistance(distance, target, (int) (places >>> 32));
    entries[at] = ((long) cursor << 32) | (place + 1);
  }

  /** Copies the data of one pair to another number. */
  void move(int from, int to) {
    entries[2 * to] = entries[2 * from];
    entries[2 * to + 1] = entries[2 * from + 1];
  }

  /** Sets the count and the places of a pair to none. */
  void clear(int number) {
    entries[2 * number] = 0;
    entries[2 * number + 1] = 0;
  }
}
