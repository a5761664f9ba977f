package org.merganser.bpe.parity;

import java.util.Arrays;
import org.merganser.bpe.train.PairTable;

/**
 * Counts of numbered pairs by column: a column for each group to learn from, and perhaps one for
 * all of them together. The number of a pair is that of its record in a {@link PairTable}, or a
 * slot of {@link NeighborSums}. A pair that was never added has count 0 in all columns.
 */
final class GroupPairCounts {
  /** The number of pairs for which a new table has room. */
  private static final int INITIAL_PAIRS = 64;

  /** The maximum length of an array. */
  private static final int MAX_ARRAY = Integer.MAX_VALUE - 16;

  /** The number of groups to learn from. */
  private final int groups;

  /** The number of columns: one for each group, and perhaps one for all groups together. */
  private final int columns;

  /** The counts of each pair, side by side. */
  private long[] counts;

  /**
   * @param groups the number of groups to learn from
   * @param hasTotal whether the last column is that of all groups together
   */
  GroupPairCounts(int groups, boolean hasTotal) {
    this.groups = groups;
    this.columns = hasTotal ? groups + 1 : groups;
    this.counts = new long[INITIAL_PAIRS * columns];
  }

  /**
   * Adds an occurrence of a pair in each word of a run, except in groups that are only measured.
   */
  void addRun(int number, GroupRuns runs, int run) {
    ensure(number);
    boolean hasTotal = columns > groups;
    int at = number * columns;
    for (int entry = runs.begin(run); entry < runs.end(run); entry++) {
      int group = runs.group(entry);
      if (group < groups) {
        counts[at + group] += runs.count(entry);
        if (hasTotal) {
          counts[at + groups] += runs.count(entry);
        }
      }
    }
  }

  /** Adds the counts of a pair of another table. */
  void add(int number, GroupPairCounts other, int otherNumber) {
    ensure(number);
    for (int column = 0; column < columns; column++) {
      counts[number * columns + column] += other.get(otherNumber, column);
    }
  }

  /** Subtracts the counts of a pair of another table from those of a pair that was added. */
  void subtract(int number, GroupPairCounts other, int otherNumber) {
    for (int column = 0; column < columns; column++) {
      counts[number * columns + column] -= other.get(otherNumber, column);
    }
  }

  /** The count of a pair in a column. */
  long get(int number, int column) {
    int at = number * columns + column;
    return at < counts.length ? counts[at] : 0;
  }

  /**
   * Whether a pair reaches the minimum count of a column.
   *
   * @param least by column, its minimum count
   * @param columnsInUse the number of first columns that are tested
   */
  boolean reaches(int number, long[] least, int columnsInUse) {
    for (int column = 0; column < columnsInUse; column++) {
      if (get(number, column) >= least[column]) {
        return true;
      }
    }
    return false;
  }

  /** Copies the counts of one pair to another number, which is not larger. */
  void move(int from, int to) {
    ensure(from);
    System.arraycopy(counts, from * columns, counts, to * columns, columns);
  }

  /** Sets the counts of a pair to 0. */
  void clear(int number) {
    ensure(number);
    Arrays.fill(counts, number * columns, (number + 1) * columns, 0);
  }

  /** Sets the counts of all pairs from a number on to 0. */
  void clearFrom(int number) {
    Arrays.fill(counts, Math.min(counts.length, number * columns), counts.length, 0);
  }

  /**
   * The lowest threshold, at least {@code floor}, that the counts of at most {@code most} pairs in
   * a column reach; or the highest count there if more than {@code most} pairs have it.
   *
   * @param size the number of pairs
   */
  long threshold(int column, int size, int most, long floor) {
    long[] reached = new long[size];
    int n = 0;
    for (int number = 0; number < size; number++) {
      long count = get(number, column);
      if (count >= floor) {
        reached[n++] = count;
      }
    }
    return PairTable.threshold(reached, n, most, floor);
  }

  /**
   * Makes room for the counts of a pair, so that its index fits an int.
   *
   * @throws ArithmeticException if they do not fit one array
   */
  private void ensure(int number) {
    long needed = (number + 1L) * columns;
    if (needed > MAX_ARRAY) {
      throw new ArithmeticException(
          "the counts of " + (number + 1L) + " pairs do not fit one array");
    }
    if (needed > counts.length) {
      long larger = Math.max(needed, counts.length + (counts.length >> 1));
      counts = Arrays.copyOf(counts, (int) Math.min(MAX_ARRAY, larger));
    }
  }
}
