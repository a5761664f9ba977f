package org.merganser.bpe.parity;

import java.util.Arrays;
import org.merganser.bpe.train.NeighborPairChanges;

/**
 * The counts by column of one merge's new pairs on one side: {@link NeighborPairChanges} has only
 * their sums over all groups. As there, the pair that a neighbor had before the merge loses what
 * its new pair gains.
 */
final class NeighborSums {
  /** The counts by group of the words in which neighbors occur. */
  private final GroupRuns runs;

  /** By slot, the sums. */
  private final GroupPairCounts sums;

  /** By neighbor, its slot; valid for the neighbors of the current merge. */
  private int[] slots = new int[64];

  /**
   * @param groups the number of groups to learn from
   * @param hasTotal whether the last column is that of all groups together
   */
  NeighborSums(GroupRuns runs, int groups, boolean hasTotal) {
    this.runs = runs;
    this.sums = new GroupPairCounts(groups, hasTotal);
  }

  /** Begins another merge, whose neighbors on this side are those of {@code changes}. */
  void begin(NeighborPairChanges changes) {
    for (int slot = 0; slot < changes.size(); slot++) {
      int neighbor = changes.symbol(slot);
      if (neighbor >= slots.length) {
        slots = Arrays.copyOf(slots, Math.max(neighbor + 1, 2 * slots.length));
      }
      slots[neighbor] = slot;
      sums.clear(slot);
    }
  }

  /** Adds an occurrence of a neighbor in each word of a run. */
  void add(int neighbor, int run) {
    sums.addRun(slots[neighbor], runs, run);
  }

  /** Subtracts the sums of another side's neighbor from those of a neighbor. */
  void subtract(int neighbor, NeighborSums otherSide, int otherNeighbor) {
    sums.subtract(slots[neighbor], otherSide.sums, otherSide.slots[otherNeighbor]);
  }

  /** As {@link GroupPairCounts#reaches}, for the sums of a neighbor. */
  boolean reaches(int neighbor, long[] least, int columnsInUse) {
    return sums.reaches(slots[neighbor], least, columnsInUse);
  }

  /** Adds the sums of a neighbor to the counts of a pair. */
  void addTo(GroupPairCounts counts, int pair, int neighbor) {
    counts.add(pair, sums, slots[neighbor]);
  }

  /** Subtracts the sums of a neighbor from the counts of a pair. */
  void subtractFrom(GroupPairCounts counts, int pair, int neighbor) {
    counts.subtract(pair, sums, slots[neighbor]);
  }
}
