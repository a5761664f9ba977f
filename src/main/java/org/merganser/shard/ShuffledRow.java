package org.merganser.shard;

import org.merganser.binary.HashMultiplier;

/**
 * A spilled row of a shuffle: its old place, and its unsigned key, which decides its new place. The
 * key is computed only from the seed, the unit's number and the number of the document's first row
 * in the unit, so the shuffle is the same on every runner, and the parts of a document have one
 * key. Rows of one key are ordered by unit and number: the parts of a document, and one of 2^64
 * pairs of documents by chance. {@link ShuffledRowCodec} has its bytes.
 *
 * @param key the result of {@link #key}
 * @param unit the number of the row's unit
 * @param number the number of the row in its unit, from 0
 * @param row the row itself
 */
record ShuffledRow(long key, int unit, long number, ShardRow row)
    implements Comparable<ShuffledRow> {
  /** The highest bits of a key, which are the number of its slot. */
  private static final int SLOT_BITS = 12;

  /** The number of slots. */
  static final int SLOTS = 1 << SLOT_BITS;

  /**
   * The key of a row: two rounds of SplitMix64, one for the unit and one for the row. SplitMix64
   * steps from a number to the next one by {@link HashMultiplier#GOLDEN_RATIO}.
   *
   * @param documentRow the number in the unit of the first row of the document
   */
  static long key(long seed, int unit, long documentRow) {
    long ofUnit = mix(seed + HashMultiplier.GOLDEN_RATIO * (unit + 1L));
    return mix(ofUnit + HashMultiplier.GOLDEN_RATIO * (documentRow + 1));
  }

  /** SplitMix64's finalizer. */
  private static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** The slot of a key, below {@link #SLOTS}; unsigned keys in order have slots in order. */
  static int slot(long key) {
    return (int) (key >>> (Long.SIZE - SLOT_BITS));
  }

  @Override
  public int compareTo(ShuffledRow other) {
    int byKey = Long.compareUnsigned(key, other.key);
    if (byKey != 0) {
      return byKey;
    }
    int byUnit = Integer.compare(unit, other.unit);
    return byUnit != 0 ? byUnit : Long.compare(number, other.number);
  }
}
