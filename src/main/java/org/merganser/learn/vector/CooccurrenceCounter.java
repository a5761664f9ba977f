package org.merganser.learn.vector;

import java.util.function.Consumer;
import org.merganser.learn.tuple.TupleCounter;
import org.merganser.learn.tuple.TupleCounts;

/**
 * Counts the ids near each other in a document: two ids at a distance of d &le; window add window +
 * 1 − d to the weights of (one, other) and (other, one). Only pairs whose second id is among the
 * contexts are counted, and no pair with the token that ends documents. A counted pair has the
 * index of the context in place of its id.
 */
public final class CooccurrenceCounter extends TupleCounter {
  private final IdContexts contexts;

  private final int endOfDocument;

  /** The last ids of the document, the last one first; {@link #beforeCount} of them are set. */
  private final int[] before;

  private int beforeCount;

  /** The pair that is counted. */
  private final int[] pair = new int[2];

  /**
   * @param contexts the ids that can be the second of a pair
   * @param window the largest distance of a pair
   * @param endOfDocument the id that ends every document, or -1
   * @param maxDistinct the number of pairs above which a table is passed on
   * @param tables receives each table, the last one from {@link #finish}
   */
  public CooccurrenceCounter(
      IdContexts contexts,
      int window,
      int endOfDocument,
      int maxDistinct,
      Consumer<TupleCounts> tables) {
    super(2, maxDistinct, tables);
    this.contexts = contexts;
    this.before = new int[window];
    this.endOfDocument = endOfDocument;
  }

  @Override
  public void begin() {
    beforeCount = 0;
  }

  @Override
  protected void addId(int id) {
    checkId(id, contexts.idBound());
    if (id == endOfDocument) {
      return;
    }
    for (int i = 0; i < beforeCount; i++) {
      addPair(id, before[i], before.length - i);
      addPair(before[i], id, before.length - i);
    }
    System.arraycopy(before, 0, before, 1, before.length - 1);
    before[0] = id;
    beforeCount = Math.min(beforeCount + 1, before.length);
  }

  @Override
  public void end() {}

  /** Adds to the weight of a pair, if its second id is a context. */
  private void addPair(int id, int other, int weight) {
    int context = contexts.index(other);
    if (context >= 0) {
      pair[0] = id;
      pair[1] = context;
      add(pair, weight);
    }
  }
}
