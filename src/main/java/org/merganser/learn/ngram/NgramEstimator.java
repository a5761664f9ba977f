package org.merganser.learn.ngram;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.learn.LearnProgress;

/**
 * Makes probabilities and backoffs of adjusted counts, lower orders first: the formula of {@link
 * NgramModel}.
 */
final class NgramEstimator {
  private final NgramShape shape;
  private final long[] unigramAdjusted;
  private final List<KeptNgrams> kept;
  private final List<NgramLevel> levels = new ArrayList<>();
  private final List<long[]> cut = new ArrayList<>();

  /**
   * @param unigramAdjusted by symbol
   * @param kept sorted, by order from 2
   */
  NgramEstimator(NgramShape shape, long[] unigramAdjusted, List<KeptNgrams> kept) {
    this.shape = shape;
    this.unigramAdjusted = unigramAdjusted;
    this.kept = kept;
    for (int order = 1; order <= shape.order(); order++) {
      @Nullable KeptNgrams level = order == 1 ? null : kept.get(order - 2);
      int size = level == null ? shape.symbols() : level.size();
      int[] ids = new int[size];
      for (int i = 0; i < size; i++) {
        ids[i] = level == null ? i : level.last(i);
      }
      boolean last = order == shape.order();
      int[] firstChild = last ? new int[0] : kept.get(order - 1).firstChild(level, size);
      levels.add(
          new NgramLevel(
              ids, new double[size], last ? new double[0] : new double[size], firstChild));
      cut.add(last ? new long[0] : new long[size]);
    }
  }

  /** The model, without probabilities until {@link #estimate(List, LearnProgress)}. */
  NgramModel model() {
    return new NgramModel(shape, levels);
  }

  /** By order: adjusted counts of what is not kept, by the n-gram that is its history. */
  List<long[]> cut() {
    return cut;
  }

  /**
   * The model with its probabilities.
   *
   * @param discounts by order from 1
   */
  LearnedNgrams estimate(List<Discounts> discounts, LearnProgress progress) {
    for (int order = 1; order <= shape.order(); order++) {
      estimate(order, discounts.get(order - 1));
      progress.done();
    }
    return new LearnedNgrams(model(), unigramAdjusted, kept, cut, discounts);
  }

  /** Fills in the probabilities of one order; all lower orders have theirs. */
  private void estimate(int order, Discounts discounts) {
    if (order == 1) {
      unigrams(discounts);
      return;
    }
    NgramModel model = model();
    for (int history = 0; history < levels.get(order - 2).ids().length; history++) {
      estimate(model, order, history, discounts);
    }
  }

  private void unigrams(Discounts discounts) {
    NgramLevel level = levels.get(0);
    long total = 0;
    double left = 0;
    for (int symbol = 0; symbol < shape.symbols(); symbol++) {
      total += unigramAdjusted[symbol];
      left += discounts.of(unigramAdjusted[symbol]);
    }
    double uniform = (total == 0 ? 1 : left / total) / shape.predicted();
    for (int symbol = 0; symbol < shape.symbols(); symbol++) {
      long adjusted = unigramAdjusted[symbol];
      level.probabilities()[symbol] =
          (total == 0 ? 0 : (adjusted - discounts.of(adjusted)) / total) + uniform;
    }
    level.probabilities()[shape.begin()] = 0;
  }

  private void estimate(NgramModel model, int order, int history, Discounts discounts) {
    KeptNgrams ngrams = kept.get(order - 2);
    NgramLevel above = levels.get(order - 2);
    NgramLevel level = levels.get(order - 1);
    int from = above.firstChild()[history];
    int to = above.firstChild()[history + 1];
    long total = cut.get(order - 2)[history];
    double left = total;
    for (int ngram = from; ngram < to; ngram++) {
      total += ngrams.adjusted(ngram);
      left += discounts.of(ngrams.adjusted(ngram));
    }
    double backoff = total == 0 ? 1 : left / total;
    above.backoffs()[history] = backoff;
    for (int ngram = from; ngram < to; ngram++) {
      int end = model.node(ngrams.symbols(), ngram * order + 1, (ngram + 1) * order);
      double lower = above.probabilities()[end];
      long adjusted = ngrams.adjusted(ngram);
      level.probabilities()[ngram] = (adjusted - discounts.of(adjusted)) / total + backoff * lower;
    }
  }
}
