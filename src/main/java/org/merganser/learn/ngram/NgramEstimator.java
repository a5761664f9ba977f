package org.merganser.learn.ngram;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Computes probabilities and backoffs from adjusted counts, lower orders first, by the formula of
 * {@link NgramModel}.
 */
final class NgramEstimator {
  private final NgramShape shape;
  private final LearnedNgrams learned;
  private final NgramModel model;

  private NgramEstimator(LearnedNgrams learned) {
    this.shape = learned.shape();
    this.learned = learned;
    this.model = trie(shape, learned.kept());
  }

  /**
   * The model of counts, with probabilities and backoffs.
   *
   * @throws IllegalStateException if the end of a kept n-gram is not kept
   */
  static NgramModel estimate(LearnedNgrams learned) {
    NgramEstimator estimator = new NgramEstimator(learned);
    estimator.estimateAll();
    return estimator.model;
  }

  /**
   * The n-grams of a model without probabilities.
   *
   * @param kept sorted, by order from 2
   */
  static NgramModel trie(NgramShape shape, List<KeptNgrams> kept) {
    List<NgramLevel> levels = new ArrayList<>();
    for (int order = 1; order <= shape.order(); order++) {
      @Nullable KeptNgrams ngrams = order == 1 ? null : kept.get(order - 2);
      int size = ngrams == null ? shape.symbols() : ngrams.size();
      int[] lastSymbols = new int[size];
      Arrays.setAll(lastSymbols, i -> ngrams == null ? i : ngrams.last(i));
      boolean isLast = order == shape.order();
      double[] backoffs = new double[isLast ? 0 : size];
      int[] firstChild = isLast ? new int[0] : kept.get(order - 1).firstChild(ngrams, size);
      levels.add(new NgramLevel(lastSymbols, new double[size], backoffs, firstChild));
    }
    return new NgramModel(shape, levels);
  }

  /** Computes the probabilities and backoffs of all orders. */
  private void estimateAll() {
    estimateUnigrams(learned.discountsOf(1));
    for (int order = 2; order <= shape.order(); order++) {
      int histories = model.levelOf(order - 1).size();
      for (int history = 0; history < histories; history++) {
        estimateAfter(order, history, learned.discountsOf(order));
      }
    }
  }

  /** Interpolates the single symbols with the uniform distribution. */
  private void estimateUnigrams(Discounts discounts) {
    NgramLevel level = model.levelOf(1);
    long total = 0;
    double discounted = 0;
    for (int symbol = 0; symbol < shape.symbols(); symbol++) {
      total += learned.unigramAdjusted()[symbol];
      discounted += discounts.of(learned.unigramAdjusted()[symbol]);
    }
    int predicted = shape.symbols() - 1; // all except the beginning
    double uniform = (total == 0 ? 1 : discounted / total) / predicted;
    for (int symbol = 0; symbol < shape.symbols(); symbol++) {
      long adjusted = learned.unigramAdjusted()[symbol];
      level.probabilities()[symbol] =
          (total == 0 ? 0 : (adjusted - discounts.of(adjusted)) / total) + uniform;
    }
    level.probabilities()[shape.begin()] = 0;
  }

  /**
   * Estimates the symbols after a history; all lower orders must have their probabilities.
   *
   * @param order of the n-grams of the history and a symbol
   * @param history the number of the history on its level
   */
  private void estimateAfter(int order, int history, Discounts discounts) {
    KeptNgrams ngrams = learned.keptOf(order);
    NgramLevel above = model.levelOf(order - 1);
    NgramLevel level = model.levelOf(order);
    int from = above.firstChild()[history];
    int to = above.firstChild()[history + 1];
    long total = learned.leftOutOf(order)[history];
    double discounted = total; // continuations that are not kept leave their complete counts
    for (int ngram = from; ngram < to; ngram++) {
      total += ngrams.adjusted(ngram);
      discounted += discounts.of(ngrams.adjusted(ngram));
    }
    double backoff = total == 0 ? 1 : discounted / total;
    above.backoffs()[history] = backoff;
    for (int ngram = from; ngram < to; ngram++) {
      int withoutFirst = model.node(ngrams.symbols(), ngram * order + 1, (ngram + 1) * order);
      if (withoutFirst < 0) {
        throw new IllegalStateException(
            "n-gram " + ngram + " of order " + order + " has an end that is not kept");
      }
      double lower = above.probabilities()[withoutFirst];
      long adjusted = ngrams.adjusted(ngram);
      level.probabilities()[ngram] = (adjusted - discounts.of(adjusted)) / total + backoff * lower;
    }
  }
}
