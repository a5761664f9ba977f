package org.merganser.bpe.parity;

import org.merganser.bpe.train.CountHeap;
import org.merganser.bpe.train.GrowingVocabulary;
import org.merganser.bpe.train.PairTable;

/**
 * The pairs of one column by count, the highest first; of equals that with the larger left token as
 * text, then the larger right one, as parity-aware BPE orders them. Counts only decrease, so an
 * entry with an outdated count is queued again with its current one.
 */
final class GroupQueue extends CountHeap {
  private final PairTable pairs;
  private final GroupPairCounts present;
  private final GrowingVocabulary vocabulary;
  private final int column;

  GroupQueue(PairTable pairs, GroupPairCounts present, GrowingVocabulary vocabulary, int column) {
    this.pairs = pairs;
    this.present = present;
    this.vocabulary = vocabulary;
    this.column = column;
  }

  void offer(int record, long least) {
    long count = present.get(record, column);
    if (count >= least) {
      push(record, count);
    }
  }

  /** Removes and returns the first record; -1 if none reaches {@code least}. */
  int poll(long least) {
    while (!isEmpty()) {
      int first = first();
      long count = firstCount();
      removeFirst();
      if (count == present.get(first, column)) {
        return first;
      }
      offer(first, least);
    }
    return -1;
  }

  @Override
  protected boolean before(long count, int record, long otherCount, int other) {
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
}
