package org.merganser.shard;

/**
 * A row's place in a global shuffle, which is the same on every runner: a 64-bit key of the seed,
 * the unit's number and the row's number in the unit, and of nothing else. Rows with the same key
 * (one pair in 2^64) follow in the order of unit and row.
 */
final class ShuffleKey {
  /** Keys are told apart by their highest 12 bits where rows are set aside. */
  static final int SLOTS = 1 << 12;

  private ShuffleKey() {}

  /** The seed of an epoch; the first has the job's own. */
  static long epochSeed(long seed, int epoch) {
    return epoch == 0 ? seed : mix(seed ^ 0xD1B54A32D192ED03L * epoch);
  }

  /** The key of a copy of a document's rows; the first copy is the document. */
  static long of(long seed, int unit, long row, int copy) {
    return of(copy == 0 ? seed : mix(seed + 0xDB4F0B9175AE2165L * copy), unit, row);
  }

  /**
   * How often a document is taken: {@code weight} times, where the part of it below 1 is the share
   * of documents that are taken once more, chosen by a hash of seed, unit and row.
   */
  static int copies(double weight, long seed, int unit, long row) {
    int whole = (int) weight;
    double chance = (mix(of(seed, unit, row) ^ 0x9FB21C651E98DF25L) >>> 11) * 0x1p-53;
    return chance < weight - whole ? whole + 1 : whole;
  }

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
