package org.merganser.bpe.parity;

import java.util.Arrays;

/**
 * What each word of a run of {@link PretokenSymbols} counts in each group: words that count the
 * same in all groups are a run. Most runs are of one or two groups.
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

  /** Adds what each word of a run counts in a group; runs come in order. */
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
