package org.merganser.learn;

import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Counts what the n-grams of documents can be derived from: for each symbol of a document, its end
 * included, the longest n-gram that ends there and begins no earlier than the document. As a tuple
 * it is reversed, each symbol raised by one, the document's beginning 0, and zeros behind that: in
 * a model of order 3 the first id 7 of a document gives (8, 0, 0), an id 4 after it (5, 8, 0).
 *
 * <p>A fuller table than {@code maxDistinct} is handed on and begun anew, so memory is bounded
 * whatever the unit's size: about 100 MB for a million tuples of order 5.
 */
public final class NgramCounter implements IdDocuments.Handler {
  private final NgramShape shape;
  private final int maxDistinct;
  private final Consumer<TupleCounts> full;
  private final int[] tuple;
  private TupleCounts counts;
  private long symbols;

  /**
   * @param full receives each table, the last one from {@link #finish}
   */
  public NgramCounter(NgramShape shape, int maxDistinct, Consumer<TupleCounts> full) {
    this.shape = shape;
    this.maxDistinct = maxDistinct;
    this.full = full;
    this.tuple = new int[shape.order()];
    this.counts = new TupleCounts(shape.order());
  }

  @Override
  public void begin(String docId) {
    Arrays.fill(tuple, 0);
  }

  @Override
  public void ids(int[] ids, int count) {
    for (int i = 0; i < count; i++) {
      add(ids[i]);
    }
  }

  @Override
  public void end() {
    if (shape.endOfDocument() < 0) {
      add(shape.end());
    }
  }

  private void add(int symbol) {
    if (symbol < 0 || symbol >= shape.symbols() || symbol == shape.begin()) {
      throw new LearnException(
          "id "
              + symbol
              + " is not of a tokenizer of "
              + shape.idBound()
              + " ids; are the shards this tokenizer's?");
    }
    System.arraycopy(tuple, 0, tuple, 1, tuple.length - 1);
    tuple[0] = symbol + 1;
    counts.add(tuple, 0, 1);
    symbols++;
    if (counts.distinct() > maxDistinct) {
      handOn();
    }
  }

  private void handOn() {
    full.accept(counts);
    counts = new TupleCounts(shape.order());
  }

  /** Hands on the last table; returns how many symbols were counted. */
  public long finish() {
    if (counts.distinct() > 0) {
      handOn();
    }
    return symbols;
  }
}
