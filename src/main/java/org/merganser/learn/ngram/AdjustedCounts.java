package org.merganser.learn.ngram;

import org.merganser.learn.tuple.TupleSource;

/**
 * Derives the n-grams of every order from the merged tables of {@link NgramCounter}, in one pass
 * over tuples that are sorted by their last symbol first, like KenLM (Heafield et al. 2013,
 * "Scalable modified Kneser-Ney language model estimation", 3.2): all tuples that end in the same
 * symbols are adjacent.
 *
 * <p>The <i>adjusted count</i> of an n-gram below the highest order is the number of distinct
 * symbols before it. For an n-gram of the highest order, or one that begins at the document's
 * beginning, it is the number of its occurrences.
 */
final class AdjustedCounts {
  /** Receives n-grams, in no particular order within a partition. */
  @FunctionalInterface
  interface Visitor {
    /**
     * Receives the n-gram {@code symbols[from, to)}.
     *
     * @param symbols in reading order; overwritten afterwards
     * @param count its occurrences
     * @param adjusted its adjusted count; a unigram with tuples in several partitions has a part of
     *     it for each
     */
    void ngram(int[] symbols, int from, int to, long count, long adjusted);
  }

  private final NgramShape shape;
  private final Visitor visitor;

  /**
   * The last tuple, in the form of {@link NgramCounter}; the next one may end in the same symbols.
   */
  private final int[] open;

  /** The longest n-gram of {@link #open}, in reading order. */
  private final int[] symbols;

  /** By order, the occurrences of the n-gram at the end of {@link #symbols}, so far. */
  private final long[] counts;

  /**
   * By order, the number of distinct symbols before that n-gram, so far. Place 0 has no meaning.
   */
  private final long[] before;

  /** Whether there is an open tuple. */
  private boolean hasOpen;

  private AdjustedCounts(NgramShape shape, Visitor visitor) {
    this.shape = shape;
    this.visitor = visitor;
    this.open = new int[shape.order()];
    this.symbols = new int[shape.order()];
    this.counts = new long[shape.order() + 1];
    this.before = new long[shape.order() + 1];
  }

  /** Visits the n-grams of all orders. */
  static void forEach(NgramShape shape, TupleSource tables, Visitor visitor) {
    AdjustedCounts pass = new AdjustedCounts(shape, visitor);
    tables.forEachTuple(pass::add);
    pass.close(0);
  }

  /**
   * Adds the next tuple, after the n-grams of the last one that it does not continue are visited.
   */
  private void add(int[] tuple, long count) {
    int shared = 0;
    if (hasOpen) {
      while (shared < open.length && open[shared] == tuple[shared]) {
        shared++;
      }
      close(shared);
    }
    System.arraycopy(tuple, 0, open, 0, open.length);
    hasOpen = true;
    int length = length();
    for (int order = shared + 1; order <= length; order++) {
      before[order - 1]++; // a new symbol before the n-gram that is one shorter
      counts[order] = 0;
      before[order] = 0;
    }
    for (int order = 1; order <= length; order++) {
      counts[order] = Math.addExact(counts[order], count);
    }
  }

  /** The number of symbols of the open tuple, the document's beginning included. */
  private int length() {
    for (int i = 0; i < open.length; i++) {
      if (open[i] == NgramCounter.BEGINNING) {
        return i + 1;
      }
    }
    return open.length;
  }

  /** Visits the n-grams of the open tuple that are longer than {@code shared}. */
  private void close(int shared) {
    if (!hasOpen) {
      return;
    }
    int length = length();
    for (int i = 0; i < length; i++) {
      symbols[length - 1 - i] = NgramCounter.symbol(open[i], shape);
    }
    for (int order = length; order > shared; order--) {
      int from = length - order;
      boolean hasNothingBefore = order == shape.order() || symbols[from] == shape.begin();
      long adjusted = hasNothingBefore ? counts[order] : before[order];
      visitor.ngram(symbols, from, length, counts[order], adjusted);
    }
  }
}
