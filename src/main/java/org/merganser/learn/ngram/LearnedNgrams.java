package org.merganser.learn.ngram;

import java.util.List;

/**
 * A model with the counts that it was estimated from, for writing.
 *
 * @param unigramCounts by symbol
 * @param unigramAdjusted by symbol
 * @param kept by order from 2
 * @param cut adjusted counts of what is not kept, by order of its history from 1 and by history
 * @param orders figures by order from 1
 */
public record LearnedNgrams(
    NgramModel model,
    long[] unigramCounts,
    long[] unigramAdjusted,
    List<KeptNgrams> kept,
    List<long[]> cut,
    List<NgramFigures.Order> orders) {

  long count(int order, int ngram) {
    return order == 1 ? unigramCounts[ngram] : kept.get(order - 2).count(ngram);
  }

  long adjusted(int order, int ngram) {
    return order == 1 ? unigramAdjusted[ngram] : kept.get(order - 2).adjusted(ngram);
  }
}
