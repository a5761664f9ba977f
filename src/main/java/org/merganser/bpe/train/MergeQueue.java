package org.merganser.bpe.train;

import java.util.Arrays;

/**
 * The order of merging over the records of a {@link PairTable}: highest queued count first, then
 * the smaller pair.
 *
 * <p>An octonary heap that holds only records whose queued count reaches a threshold. The others,
 * by far the most, wait in the table; when the heap is empty the threshold sinks to a quarter of
 * the highest count that waits, and one pass over the table finds those that reach it. The order is
 * that of one large heap, since whatever waits is below whatever is in the heap. Where a record was
 * offered again with a higher count, its older place in the heap is recognised and passed over.
 */
final class MergeQueue {
  private static final int ARITY = 8;

  private final PairTable pairs;
  private long[] counts = new long[256];
  private int[] records = new int[256];
  private int size;
  private long threshold = Long.MAX_VALUE;

  MergeQueue(PairTable pairs) {
    this.pairs = pairs;
  }

  /** Queues a record, or moves it, by its count in the table. */
  void offer(int record) {
    long count = pairs.count(record);
    pairs.setQueuedCount(record, count);
    if (count >= threshold) {
      push(record, count);
    }
  }

  /**
   * Takes the record with the highest queued count out of the queue.
   *
   * @param least counts below it do not matter
   * @return -1 when no queued count reaches {@code least}
   */
  int poll(long least) {
    while (size > 0 || lowerThreshold(least)) {
      int first = records[0];
      long count = counts[0];
      size--;
      if (size > 0) {
        siftDown(records[size], counts[size]);
      }
      if (count != pairs.queuedCount(first)) {
        continue;
      }
      if (count == pairs.count(first)) {
        pairs.setQueuedCount(first, PairTable.UNQUEUED);
        return first;
      }
      offer(first);
    }
    return -1;
  }

  /** Starts anew after records were renumbered. */
  void reset() {
    size = 0;
    threshold = Long.MAX_VALUE;
  }

  private boolean lowerThreshold(long least) {
    long highest = PairTable.UNQUEUED;
    int n = pairs.size();
    for (int record = 0; record < n; record++) {
      highest = Math.max(highest, pairs.queuedCount(record));
    }
    if (highest < least) {
      return false;
    }
    threshold = Math.max(highest / 4, least);
    for (int record = 0; record < n; record++) {
      long count = pairs.queuedCount(record);
      if (count >= threshold) {
        push(record, count);
      }
    }
    return true;
  }

  private boolean before(long count, int record, long otherCount, int other) {
    return count != otherCount ? count > otherCount : pairs.key(record) < pairs.key(other);
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
