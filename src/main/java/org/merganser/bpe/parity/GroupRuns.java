package org.merganser.bpe.parity;

import java.util.Arrays;

/**
 * The counts by group of the words of {@link org.merganser.bpe.train.PretokenSymbols}. They are
 * kept by run: all words of a run occur equally often in the first group, equally often in the
 * second one, and so on. Most runs have one or two groups.
 */
final class GroupRuns {
  /** Run r has the entries {@code [starts[r], starts[r + 1])}. */
  private final int[] starts;

  /** By entry, its group: one to learn from or, above these numbers, one of a development text. */
  private int[] groups = new int[16];

  /** By entry, the count of each word of the run in the group. */
  private long[] counts = new long[16];

  /** The number of entries. */
  private int size;

  /**
   * @param runs the number of runs
   */
  GroupRuns(int runs) {
    starts = new int[runs + 1];
  }

  /**
   * Adds the count of each word of a run in a group. Runs come in order from 0, each with one group
   * or more.
   */
  void add(int run, int group, long count) {
    if (starts[run] == 0 && run > 0) { // the run before has no group
      throw new IllegalArgumentException("run " + run + " comes before run " + (run - 1));
    }
    if (size == groups.length) {
      groups = Arrays.copyOf(groups, 2 * size);
      counts = Arrays.copyOf(counts, 2 * size);
    }
    groups[size] = group;
    counts[size++] = count;
    starts[run + 1] = size;
  }

  /** The first entry of a run. */
  int begin(int run) {
    return starts[run];
  }

  /** One more than the last entry of a run. */
  int end(int run) {
    return starts[run + 1];
  }

  /** The group of an entry. */
  int group(int entry) {
    return groups[entry];
  }

  /** The count of each word in the group of an entry. */
  long count(int entry) {
    return counts[entry];
  }
}
