package org.merganser.bpe.encode;

/**
 * A set of hashes as bits, one for the upper bits of each. It may contain a hash that was not added
 * (a collision), but never lacks one that was.
 */
final class HashedBits {
  private final long[] bits;

  /** The right shift that turns a hash into the number of a bit. */
  private final int shift;

  /**
   * @param sizeLog the binary logarithm of the number of bits, 6 or more
   */
  HashedBits(int sizeLog) {
    this.bits = new long[(1 << sizeLog) / Long.SIZE];
    this.shift = Long.SIZE - sizeLog;
  }

  /** Adds a hash. */
  void add(long hash) {
    long bit = hash >>> shift;
    bits[(int) (bit >>> 6)] |= 1L << bit;
  }

  /** Whether a hash, or another one with the same bit, was added. */
  boolean contains(long hash) {
    long bit = hash >>> shift;
    return ((bits[(int) (bit >>> 6)] >>> bit) & 1) != 0;
  }
}
