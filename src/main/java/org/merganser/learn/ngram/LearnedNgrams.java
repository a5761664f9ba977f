package org.merganser.learn.ngram;

import java.util.List;

/**
 * A model with the counts that it was estimated from, for writing.
 *
 * @param unigramAdjusted by symbol
 * @param kept by order from 2
 * @param cut adjusted counts of what is not kept, by order of its history from 1 and by history
 * @param discounts by order from 1
 */
public record LearnedNgrams(
    NgramModel model,
    long[] unigramAdjusted,
    List<KeptNgrams> kept,
    List<long[]> cut,
    List<Discounts> discounts) {}
