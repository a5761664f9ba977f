package org.merganser.learn;

import java.util.function.Consumer;

/**
 * Counts tuples of the documents it is given. A table that has more than {@code maxDistinct} tuples
 * is handed on and begun anew, so that memory is bounded whatever the unit's size.
 */
public abstract class TupleCounter implements IdDocuments.Handler {
  private final int length;
  private final int maxDistinct;
  private final Consumer<TupleCounts> full;
  private TupleCounts counts;
  private long ids;

  /**
   * @param length ints a tuple
   * @param full receives each table, the last one from {@link #finish}
   */
  public TupleCounter(int length, int maxDistinct, Consumer<TupleCounts> full) {
    this.length = length;
    this.maxDistinct = maxDistinct;
    this.full = full;
    this.counts = new TupleCounts(length);
  }

  /** Counts {@code times} more of a tuple. */
  protected final void add(int[] tuple, long times) {
    counts.add(tuple, 0, times);
    if (counts.distinct() > maxDistinct) {
      handOn();
    }
  }

  @Override
  public final void ids(int[] more, int count) {
    for (int i = 0; i < count; i++) {
      id(more[i]);
    }
    ids += count;
  }

  /** The next id of the document. */
  protected abstract void id(int id);

  private void handOn() {
    full.accept(counts);
    counts = new TupleCounts(length);
  }

  /** Hands on the last table; returns how many ids were read. */
  public final long finish() {
    if (counts.distinct() > 0) {
      handOn();
    }
    return ids;
  }
}
