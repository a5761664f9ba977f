package org.merganser.shard;

/**
 * A row's place in a global shuffle, the same on every runner: a 64-bit key computed only from the
 * seed, the unit's number and the row's number in the unit. Rows with the same key (one pair in
 * 2^64) are ordered by unit and row.
 */
final class ShuffleKey {
  /** Spilled rows are divided into slots by the highest 12 bits of their keys. */
  static final int SLOTS = 1 << 12;

  private ShuffleKey() {}

  /** Two rounds of SplitMix64's finalizer. */
  static long of(long seed, int unit, long row) {
    return mix(mix(seed + 0x9E3779B97F4A7C15L * (unit + 1L)) + 0x9E3779B97F4A7C15L * (row + 1));
  }

  static int slot(long key) {
    return (int) (key >>> 52);
  }

  private static long mix(long value) {
    long z = (value ^ value >>> 30) * 0xBF58476D1CE4E5B9L;
    z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
    return z ^ z >>> 31;
  }
}
