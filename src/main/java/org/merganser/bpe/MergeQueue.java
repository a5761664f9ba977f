package org.merganser.bpe;

import java.util.Arrays;

/**
 * HF's queue over the records of a {@link PairTable}: highest queued count first, then the smaller
 * pair, then the older record (which HF leaves to chance: it can only concern two records of one
 * pair).
 *
 * <p>An octonary heap that holds only records whose queued count reaches a threshold. The others,
 * by far the most, wait in the table; when the heap is empty the threshold sinks to a quarter of
 * the highest count that waits, and one pass over the table finds those that reach it. The order is
 * that of one large heap, since whatever waits is below whatever is in the heap.
 */
final class MergeQueue {
  private static final int ARITY = 8;

  private final PairTable pairs;
  private final long minimum;
  private long[] counts = new long[256];
  private int[] records = new int[256];
  private int size;
  private long threshold = Long.MAX_VALUE;

  /**
   * @param minimum the count below which the learner stops; only then may what waits be ignored
   */
  MergeQueue(PairTable pairs, long minimum) {
    this.pairs = pairs;
    this.minimum = minimum;
  }

  /** Puts a record in its place by its queued count. */
  void offer(int record) {
    long count = pairs.queuedCount(record);
    if (count >= threshold) {
      push(record, count);
    }
  }

  /** Takes the first record, or returns -1 when none is left that could matter. */
  int poll() {
    if (size == 0 && !lowerThreshold()) {
      return -1;
    }
    int first = records[0];
    size--;
    if (size > 0) {
      siftDown(records[size], counts[size]);
    }
    return first;
  }

  private boolean lowerThreshold() {
    long highest = -1;
    int n = pairs.size();
    for (int record = 0; record < n; record++) {
      highest = Math.max(highest, pairs.queuedCount(record));
    }
    // A count only rises when a pair is queued again, so without duplicates all that waits is too
    // rare for good. With them, HF would still refresh a stale record that has risen since.
    if (highest < 0 || (highest < minimum && !pairs.hasDuplicates())) {
      return false;
    }
    threshold = highest < minimum ? 0 : Math.max(highest / 4, Math.min(highest, minimum));
    for (int record = 0; record < n; record++) {
      long count = pairs.queuedCount(record);
      if (count >= threshold) {
        push(record, count);
      }
    }
    return true;
  }

  private boolean before(long count, int record, long otherCount, int other) {
    if (count != otherCount) {
      return count > otherCount;
    }
    long key = pairs.key(record);
    long otherKey = pairs.key(other);
    return key != otherKey ? key < otherKey : record < other;
  }

  private void push(int record, long count) {
    if (size == records.length) {
      records = Arrays.copyOf(records, 2 * size);
      counts = Arrays.copyOf(counts, 2 * size);
    }
    int at = size++;
    while (at > 0) {
      int parent = (at - 1) / ARITY;
      if (!before(count, record, counts[parent], records[parent])) {
        break;
      }
      records[at] = records[parent];
      counts[at] = counts[parent];
      at = parent;
    }
    records[at] = record;
    counts[at] = count;
  }

  private void siftDown(int record, long count) {
    int at = 0;
    while (true) {
      int child = ARITY * at + 1;
      if (child >= size) {
        break;
      }
      int best = child;
      int end = Math.min(child + ARITY, size);
      for (int c = child + 1; c < end; c++) {
        if (before(counts[c], records[c], counts[best], records[best])) {
          best = c;
        }
      }
      if (!before(counts[best], records[best], count, record)) {
        break;
      }
      records[at] = records[best];
      counts[at] = counts[best];
      at = best;
    }
    records[at] = record;
    counts[at] = count;
  }

  long memoryBytes() {
    return 12L * records.length;
  }
}
