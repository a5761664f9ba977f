package org.merganser.learn.ngram;

import java.util.List;

/**
 * The counts that a model is estimated from, as in its file.
 *
 * @param shape the symbols and the length of n-grams
 * @param unigramAdjusted adjusted counts ({@link AdjustedCounts}) by symbol
 * @param kept the n-grams of two symbols and more, sorted, by order from 2
 * @param leftOut the sums of the adjusted counts of n-grams that are not kept: by order of their
 *     history from 1, and then by the number of the history among the kept n-grams of its order
 * @param discounts by order from 1
 */
record LearnedNgrams(
    NgramShape shape,
    long[] unigramAdjusted,
    List<KeptNgrams> kept,
    List<long[]> leftOut,
    List<Discounts> discounts) {
  /** The n-grams of an order of 2 or more that are kept. */
  KeptNgrams keptOf(int order) {
    return kept.get(order - 2);
  }

  /**
   * By history, the sum of the adjusted counts of the n-grams of an order that continue it and are
   * not kept.
   *
   * @param order 2 or more
   */
  long[] leftOutOf(int order) {
    return leftOut.get(order - 2);
  }

  /** The discounts of an order. */
  Discounts discountsOf(int order) {
    return discounts.get(order - 1);
  }

  /** The model of these counts. */
  NgramModel model() {
    return NgramEstimator.estimate(this);
  }
}
