package org.merganser.bpe.train;

/**
 * The order of merging over the records of a {@link PairTable}: highest queued count first, then
 * the smaller pair.
 *
 * <p>The heap holds only records whose queued count reaches a threshold. The others, by far the
 * most, wait in the table; when the heap is empty the threshold sinks to a quarter of the highest
 * count that waits, and one pass over the table finds those that reach it. The order is that of one
 * large heap, since whatever waits is below whatever is in the heap. Where a record was offered
 * again with a higher count, its older place in the heap is recognised and passed over.
 */
final class MergeQueue extends CountHeap {
  private final PairTable pairs;
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
    while (!isEmpty() || lowerThreshold(least)) {
      int first = first();
      long count = firstCount();
      removeFirst();
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
    clear();
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

  @Override
  boolean before(long count, int record, long otherCount, int other) {
    return count != otherCount ? count > otherCount : pairs.key(record) < pairs.key(other);
  }
}
