package org.merganser.bpe.parity;

import org.merganser.bpe.train.CountHeap;
import org.merganser.bpe.train.GrowingVocabulary;
import org.merganser.bpe.train.PairTable;

/**
 * The pairs of one column by count, the highest first; of equals that with the larger left token as
 * text, then the larger right one, as parity-aware BPE orders them. Counts only decrease, so an
 * entry with an outdated count is queued again with its current one.
 */
final class ColumnQueue extends CountHeap {
  private final int column;
  private final PairTable pairs;

  /** By record of {@link #pairs}, its counts by column. */
  private final GroupPairCounts counts;

  /** The tokens of the pairs. */
  private final GrowingVocabulary vocabulary;

  ColumnQueue(int column, PairTable pairs, GroupPairCounts counts, GrowingVocabulary vocabulary) {
    this.column = column;
    this.pairs = pairs;
    this.counts = counts;
    this.vocabulary = vocabulary;
  }

  /** Replaces the entries by all records of the table whose count reaches {@code minimumCount}. */
  void refill(long minimumCount) {
    clear();
    for (int record = 0; record < pairs.size(); record++) {
      offer(record, minimumCount);
    }
  }

  /** Queues a record with its current count if that reaches {@code minimumCount}. */
  void offer(int record, long minimumCount) {
    long count = counts.get(record, column);
    if (count >= minimumCount) {
      push(record, count);
    }
  }

  /** Removes and returns the first record; -1 if none reaches {@code minimumCount}. */
  int poll(long minimumCount) {
    while (!isEmpty()) {
      int record = first();
      long queuedCount = firstCount();
      removeFirst();
      if (queuedCount == counts.get(record, column)) {
        return record;
      }
      offer(record, minimumCount);
    }
    return -1;
  }

  @Override
  protected boolean before(long count, int record, long otherCount, int other) {
    if (count != otherCount) {
      return count > otherCount;
    }
    int byLeft = compare(pairs.left(record), pairs.left(other));
    return byLeft != 0 ? byLeft > 0 : compare(pairs.right(record), pairs.right(other)) > 0;
  }

  /** Compares the tokens of two ids as text. */
  private int compare(int id, int other) {
    return vocabulary.token(id).compareTo(vocabulary.token(other));
  }
}
