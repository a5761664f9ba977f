package org.merganser.learn.ngram;

import java.util.Arrays;
import java.util.function.Consumer;
import org.merganser.learn.tuple.TupleCounter;
import org.merganser.learn.tuple.TupleCounts;

/**
 * Counts the tuples from which the n-grams of documents are derived: for each symbol of a document,
 * its end included, the longest n-gram that ends there and is within the document. The tuple has
 * the symbols of this n-gram in reverse, each plus one, 0 for the document's beginning, and zeros
 * after that: in a model of order 3 the first id 7 of a document has (8, 0, 0), an id 4 after it
 * (5, 8, 0). {@link #symbol} decodes an int of a tuple.
 */
public final class NgramCounter extends TupleCounter {
  /** The int of a tuple for the document's beginning, and for nothing before it. */
  static final int BEGINNING = 0;

  private final NgramShape shape;

  /** The tuple that ends with the last symbol. */
  private final int[] tuple;

  /**
   * @param maxDistinct the number of tuples above which a table is passed on
   * @param tables receives each table, the last one from {@link #finish}
   */
  public NgramCounter(NgramShape shape, int maxDistinct, Consumer<TupleCounts> tables) {
    super(shape.order(), maxDistinct, tables);
    this.shape = shape;
    this.tuple = new int[shape.order()];
  }

  @Override
  public void begin() {
    Arrays.fill(tuple, BEGINNING);
  }

  @Override
  protected void addId(int id) {
    checkId(id, shape.idBound());
    addSymbol(id);
  }

  @Override
  public void end() {
    if (shape.endOfDocument() < 0) {
      addSymbol(shape.end());
    }
  }

  /** Counts the n-gram that ends with the next symbol. */
  private void addSymbol(int symbol) {
    System.arraycopy(tuple, 0, tuple, 1, tuple.length - 1);
    tuple[0] = symbol + 1;
    add(tuple, 1);
  }

  /** The symbol for an int of a tuple. */
  static int symbol(int inTuple, NgramShape shape) {
    return inTuple == BEGINNING ? shape.begin() : inTuple - 1;
  }
}
