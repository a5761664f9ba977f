package org.merganser.learn.ngram;

import java.util.List;

/**
 * The counts that a model is estimated from, as in its file.
 *
 * @param unigramAdjusted adjusted counts by symbol
 * @param kept by order from 2
 * @param cut adjusted counts of n-grams not kept, by order of their history from 1 and by history
 * @param discounts by order from 1
 */
record LearnedNgrams(
    NgramShape shape,
    long[] unigramAdjusted,
    List<KeptNgrams> kept,
    List<long[]> cut,
    List<Discounts> discounts) {

  /** The model of these counts. */
  NgramModel model() {
    return new NgramEstimator(this).estimate();
  }
}
