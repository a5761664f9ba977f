package org.merganser.bpe.count;

import java.util.Arrays;

/** The entries of a table by hash partition: a stable counting sort. */
final class HashPartitions {
  @FunctionalInterface
  interface Hashes {
    long hash(int entry);
  }

  private final int[] entries;

  /** Partition p is {@code entries[ends[p], ends[p + 1])} when all are placed. */
  private final int[] ends;

  HashPartitions(int partitions, int[] unordered, Hashes hashes) {
    entries = new int[unordered.length];
    ends = new int[partitions + 2];
    for (int entry : unordered) {
      ends[of(hashes.hash(entry), partitions) + 2]++;
    }
    for (int p = 2; p < partitions + 2; p++) {
      ends[p] += ends[p - 1];
    }
    for (int entry : unordered) {
      entries[ends[of(hashes.hash(entry), partitions) + 1]++] = entry;
    }
  }

  private static int of(long hash, int partitions) {
    return (int) ((hash >>> 33) * partitions >>> 31);
  }

  int[] entries(int partition) {
    return Arrays.copyOfRange(entries, ends[partition], ends[partition + 1]);
  }
}
