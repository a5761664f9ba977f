package org.merganser.bpe.train;

import java.util.Arrays;

/** An octonary heap of records, each with the count by which it is queued. */
public abstract class CountHeap {
  private static final int ARITY = 8;

  private long[] counts = new long[256];
  private int[] records = new int[256];
  private int size;

  /** Whether the first record comes before the other one; a total order. */
  protected abstract boolean before(long count, int record, long otherCount, int other);

  protected final boolean isEmpty() {
    return size == 0;
  }

  protected final int first() {
    return records[0];
  }

  protected final long firstCount() {
    return counts[0];
  }

  protected final void removeFirst() {
    size--;
    if (size > 0) {
      siftDown(records[size], counts[size]);
    }
  }

  public final void clear() {
    size = 0;
  }

  protected final void push(int record, long count) {
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
}
