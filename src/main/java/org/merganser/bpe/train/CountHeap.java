package org.merganser.bpe.train;

import java.util.Arrays;

/**
 * A heap of records of a {@link PairTable}, by their numbers, each with the count by which it is
 * queued; the subclass decides their order. An entry has up to eight children, so that the heap is
 * flat and the children of an entry are side by side in memory.
 */
public abstract class CountHeap {
  /** The maximum number of children of an entry. */
  private static final int ARITY = 8;

  private static final int INITIAL_CAPACITY = 256;

  /** By entry, the count by which its record is queued. */
  private long[] counts = new long[INITIAL_CAPACITY];

  /** By entry, the number of its record. */
  private int[] records = new int[INITIAL_CAPACITY];

  /** The number of entries. */
  private int size;

  /** Whether the first record comes before the other one; a total order. */
  protected abstract boolean before(long count, int record, long otherCount, int other);

  /** Whether no record is queued. */
  protected final boolean isEmpty() {
    return size == 0;
  }

  /** The first record; the heap must not be empty. */
  protected final int first() {
    return records[0];
  }

  /** The count of the first record; the heap must not be empty. */
  protected final long firstCount() {
    return counts[0];
  }

  /** Removes the first record; the heap must not be empty. */
  protected final void removeFirst() {
    size--;
    if (size > 0) {
      siftDown(records[size], counts[size]);
    }
  }

  /** Removes all records. */
  protected final void clear() {
    size = 0;
  }

  /** Queues a record by a count; earlier entries of the record stay. */
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

  /** Puts a record in the place of the first one, then down to where it belongs. */
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
