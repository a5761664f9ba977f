package org.merganser.bpe.parity;

import java.util.Arrays;

/**
 * The count in each group of the words of a run of {@link PretokenSymbols}: the words of a run have
 * the same counts in all groups. Most runs have one or two groups.
 */
final class GroupRuns {
  /** Run r has the entries {@code [starts[r], starts[r + 1])}. */
  private final int[] starts;

  private int[] groups = new int[16];
  private long[] counts = new long[16];
  private int size;

  GroupRuns(int runs) {
    starts = new int[runs + 1];
  }

  /** Adds the count of each word of a run in a group; runs come in order. */
  void add(int run, int group, long count) {
    if (size == groups.length) {
      groups = Arrays.copyOf(groups, 2 * size);
      counts = Arrays.copyOf(counts, 2 * size);
    }
    groups[size] = group;
    counts[size++] = count;
    starts[run + 1] = size;
  }

  int begin(int run) {
    return starts[run];
  }

  int end(int run) {
    return starts[run + 1];
  }

  int group(int entry) {
    return groups[entry];
  }

  long count(int entry) {
    return counts[entry];
  }
}
