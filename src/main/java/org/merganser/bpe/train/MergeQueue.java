package org.merganser.bpe.train;

/**
 * HF's order of merging over the records of a {@link PairTable}: highest queued count first. A tie
 * goes to the pair with the smaller left id, then to that with the smaller right id.
 *
 * <p>The heap holds only records whose queued count reaches a threshold. Most records are below it
 * and stay in the table. When the heap is empty, the threshold drops to a quarter of the highest
 * count in the table, and one pass adds the records that reach it. The order is that of one large
 * heap, since all records outside the heap are below those in it. If a record is offered again with
 * a higher count, its older heap entry is recognized and skipped.
 */
public final class MergeQueue extends CountHeap implements MergeOrder {
  private final PairTable pairs;

  /** The minimum count of a pair that is merged. */
  private final long minimum;

  /** A bound: the table has every pair whose count is at least this. */
  private long leastInTable;

  /** A bound: the heap has every queued record whose count is at least this. */
  private long threshold = Long.MAX_VALUE;

  /**
   * @param minimum a rarer pair is not merged; 0 counts as 1
   */
  public MergeQueue(PairTable pairs, long minimum) {
    this.pairs = pairs;
    this.minimum = Math.max(1, minimum);
  }

  @Override
  public int next(Runnable recount) {
    int record = poll();
    while (record < 0 && leastInTable > minimum) {
      recount.run();
      record = poll();
    }
    return record;
  }

  @Override
  public void beginRecount() {
    leastInTable = minimum;
  }

  /** Does nothing: the table has the counts. */
  @Override
  public void addOccurrence(int record, int run) {}

  @Override
  public void retain(int most, PairTable.Renumbering renumbering) {
    leastInTable = pairs.queuedThreshold(most, leastInTable);
    pairs.retain(record -> pairs.count(record) >= leastInTable, renumbering);
    clear();
    threshold = Long.MAX_VALUE;
  }

  /** Does nothing: the table has the counts. */
  @Override
  public void merged(MergedPlaces made, NeighborPairChanges left, NeighborPairChanges right) {}

  @Override
  public boolean keeps(NeighborPairChanges side, int symbol) {
    return side.count(symbol) >= leastInTable;
  }

  @Override
  public void add(int record, NeighborPairChanges side, int symbol) {
    offer(record);
  }

  /** Queues a record with its current count; below the threshold it stays outside the heap. */
  private void offer(int record) {
    long count = pairs.count(record);
    pairs.setQueuedCount(record, count);
    if (count >= threshold) {
      push(record, count);
    }
  }

  /**
   * Removes and returns the record with the highest count, -1 if none is left. An entry whose count
   * has decreased since it was queued is queued again with its current one.
   */
  private int poll() {
    while (!isEmpty() || lowerThreshold()) {
      int first = first();
      long count = firstCount();
      removeFirst();
      if (count != pairs.queuedCount(first)) {
        continue; // the record was queued again after this entry
      }
      if (count == pairs.count(first)) {
        pairs.setQueuedCount(first, PairTable.UNQUEUED);
        return first;
      }
      offer(first);
    }
    return -1;
  }

  /** Fills the empty heap with the most frequent queued records; false if none is left. */
  private boolean lowerThreshold() {
    long highest = PairTable.UNQUEUED;
    int n = pairs.size();
    for (int record = 0; record < n; record++) {
      highest = Math.max(highest, pairs.queuedCount(record));
    }
    if (highest < leastInTable) {
      return false;
    }
    threshold = Math.max(highest / 4, leastInTable);
    for (int record = 0; record < n; record++) {
      long count = pairs.queuedCount(record);
      if (count >= threshold) {
        push(record, count);
      }
    }
    return true;
  }

  /** Breaks ties by {@link PairTable#key}, which has the left id above the right one. */
  @Override
  protected boolean before(long count, int record, long otherCount, int other) {
    return count != otherCount ? count > otherCount : pairs.keyOf(record) < pairs.keyOf(other);
  }
}
