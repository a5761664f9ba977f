package org.merganser.bpe.train;

import java.util.Arrays;

/**
 * The pairs of one column by count, the highest first; of equals that with the larger left token as
 * text, then the larger right one, as parity-aware BPE orders them. A binary heap: counts only
 * sink, so an entry whose count has sunk is queued again with its present one.
 */
final class GroupQueue {
  private final PairTable pairs;
  private final GroupPairCounts present;
  private final GrowingVocabulary vocabulary;
  private final int column;
  private long[] counts = new long[64];
  private int[] records = new int[64];
  private int size;

  GroupQueue(PairTable pairs, GroupPairCounts present, GrowingVocabulary vocabulary, int column) {
    this.pairs = pairs;
    this.present = present;
    this.vocabulary = vocabulary;
    this.column = column;
  }

  void clear() {
    size = 0;
  }

  /** Queues a record if its count reaches {@code least}; each record once. */
  void offer(int record, long least) {
    long count = present.get(record, column);
    if (count >= least) {
      push(record, count);
    }
  }

  /** Takes the first record out of the queue; -1 when none reaches {@code least}. */
  int poll(long least) {
    while (size > 0) {
      int first = records[0];
      long count = counts[0];
      size--;
      if (size > 0) {
        siftDown(records[size], counts[size]);
      }
      if (count == present.get(first, column)) {
        return first;
      }
      offer(first, least);
    }
    return -1;
  }

  private boolean before(long count, int record, long otherCount, int other) {
    if (count != otherCount) {
      return count > otherCount;
    }
    int left = token(pairs.left(record)).compareTo(token(pairs.left(other)));
    return left != 0
        ? left > 0
        : token(pairs.right(record)).compareTo(token(pairs.right(other))) > 0;
  }

  private String token(int id) {
    return vocabulary.token(id);
  }

  private void push(int record, long count) {
    if (size == records.length) {
      records = Arrays.copyOf(records, 2 * size);
      counts = Arrays.copyOf(counts, 2 * size);
    }
    int at = size++;
    while (at > 0) {
      int parent = (at - 1) / 2;
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
    while (2 * at + 1 < size) {
      int child = 2 * at + 1;
      if (child + 1 < size
          && before(counts[child + 1], records[child + 1], counts[child], records[child])) {
        child++;
      }
      if (!before(counts[child], records[child], count, record)) {
        break;
      }
      records[at] = records[child];
      counts[at] = counts[child];
      at = child;
    }
    records[at] = record;
    counts[at] = count;
  }

  long memoryBytes() {
    return 12L * records.length;
  }
}
