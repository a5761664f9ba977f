package org.merganser.learn;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Counts of tuples of ints, all of one length: an open-addressing table over primitive arrays, 4 ·
 * length + 8 bytes a slot, at most two thirds full. Not thread-safe.
 *
 * <p>{@link #pack} returns the table as sorted blocks by hash partition ({@link PackedTuples}).
 */
public final class TupleCounts {
  private static final int FIRST_SLOTS = 1 << 12;

  private final int length;
  private int[] keys;
  private long[] counts;
  private int mask;
  private int distinct;

  /**
   * @param length ints of a tuple, at least 1
   */
  TupleCounts(int length) {
    if (length < 1) {
      throw new IllegalArgumentException("a tuple has " + length + " ints, it must have 1 or more");
    }
    this.length = length;
    this.keys = new int[FIRST_SLOTS * length];
    this.counts = new long[FIRST_SLOTS];
    this.mask = FIRST_SLOTS - 1;
  }

  int distinct() {
    return distinct;
  }

  /** Adds {@code times} to the count of {@code from[at, at + length)}, all nonnegative. */
  void add(int[] from, int at, long times) {
    int slot = slot(from, at);
    if (counts[slot] == 0) {
      if (3L * (distinct + 1) > 2L * counts.length) {
        grow();
        slot = slot(from, at);
      }
      System.arraycopy(from, at, keys, slot * length, length);
      distinct++;
    }
    counts[slot] = Math.addExact(counts[slot], times);
  }

  private int slot(int[] from, int at) {
    int slot = (int) hash(from, at, length) & mask;
    while (counts[slot] != 0
        && !Arrays.equals(keys, slot * length, (slot + 1) * length, from, at, at + length)) {
      slot = slot + 1 & mask;
    }
    return slot;
  }

  private void grow() {
    int[] oldKeys = keys;
    long[] oldCounts = counts;
    int slots = Math.multiplyExact(counts.length, 2);
    keys = new int[Math.multiplyExact(slots, length)];
    counts = new long[slots];
    mask = slots - 1;
    for (int old = 0; old < oldCounts.length; old++) {
      if (oldCounts[old] != 0) {
        int slot = slot(oldKeys, old * length);
        System.arraycopy(oldKeys, old * length, keys, slot * length, length);
        counts[slot] = oldCounts[old];
      }
    }
  }

  /** The finalizer of MurmurHash3 over the ints in order: the same on every machine. */
  private static long hash(int[] from, int at, int ints) {
    long hash = 0;
    for (int i = at; i < at + ints; i++) {
      hash = (hash ^ from[i]) * 0xFF51AFD7ED558CCDL;
      hash ^= hash >>> 32;
    }
    return hash * 0xC4CEB9FE1A85EC53L >>> 16;
  }

  /**
   * The partition of a tuple: it depends on the first two ints alone, so all tuples that share
   * these are in one partition.
   */
  static int partition(int[] from, int at, int length, int partitions) {
    return (int) (hash(from, at, Math.min(length, 2)) % partitions);
  }

  /** The table as one sorted, packed block for each partition; empty for an empty partition. */
  public byte[][] pack(int partitions) {
    int[] slots = IntStream.range(0, counts.length).filter(slot -> counts[slot] != 0).toArray();
    PackedTuples.Writer[] writers = new PackedTuples.Writer[partitions];
    Arrays.setAll(writers, partition -> new PackedTuples.Writer(length));
    for (int slot : TupleOrder.sorted(keys, length, slots)) {
      int at = slot * length;
      writers[partition(keys, at, length, partitions)].add(keys, at, counts[slot]);
    }
    byte[][] blocks = new byte[partitions][];
    Arrays.setAll(blocks, partition -> writers[partition].toBytes());
    return blocks;
  }
}
