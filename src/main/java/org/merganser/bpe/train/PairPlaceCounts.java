package org.merganser.bpe.train;

import java.util.Arrays;

/**
 * By number of a pair, its count and the size of its places in {@link OccurrenceLists}; in the
 * second pass, where its next place is written. All data of a pair is in one cache line. The places
 * of a pair come in ascending order.
 */
final class PairPlaceCounts {
  /**
   * By number, the count, and {@code n << 32 | last + 1}: n is first the units of the distances so
   * far, then the place of the next one.
   */
  private long[] entries;

  PairPlaceCounts() {
    entries = new long[1 << 12];
  }

  void ensure(int number) {
    if (2 * number + 1 >= entries.length) {
      int larger = Math.max(2 * number + 2, entries.length + (entries.length >> 1));
      entries = Arrays.copyOf(entries, larger);
    }
  }

  /** One more place, for {@code count} occurrences; returns whether it is the first. */
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

  void takeBack(int number, long count) {
    if (entries[2 * number] > 0) {
      entries[2 * number] -= count;
    }
  }

  int units(int number) {
    return (int) (entries[2 * number + 1] >>> 32);
  }

  void setCursor(int number, int at) {
    entries[2 * number + 1] = (long) at << 32;
  }

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

  void move(int from, int to) {
    entries[2 * to] = entries[2 * from];
    entries[2 * to + 1] = entries[2 * from + 1];
  }

  void clear(int number) {
    entries[2 * number] = 0;
    entries[2 * number + 1] = 0;
  }
}
