package org.merganser.learn.ngram;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.merganser.learn.tuple.TupleSource;

/**
 * Estimates the model from merged tables on one machine, in three passes over them: the first
 * computes counts of counts, which decide discounts and the minimum count of a kept n-gram; the
 * second keeps n-grams; the third, only if some are not kept, adds those to the backoff of their
 * history. Memory is at most about 120 bytes for each kept n-gram and does not depend on the size
 * of the tables.
 *
 * <p>The beginning and the end of a kept n-gram are also kept, since they occur at least as often.
 */
public final class NgramLearner {
  /** The maximum n-grams of two symbols and more in a model. */
  private static final long MOST_NGRAMS = 10_000_000;

  private final NgramShape shape;
  private final TupleSource tables;

  /** The adjusted counts of single symbols. */
  private final long[] unigramAdjusted;

  /** The number of n-grams of two symbols and more by their occurrences. */
  private final NavigableMap<Long, Long> ngramsByCount = new TreeMap<>();

  /** The number of n-grams, by order from 1 and by adjusted count, for {@link Discounts}. */
  private final long[][] ngramsByAdjusted;

  /** The n-grams that the model keeps, by order from 2. */
  private final List<KeptNgrams> kept = new ArrayList<>();

  private NgramLearner(NgramShape shape, TupleSource tables) {
    this.shape = shape;
    this.tables = tables;
    this.unigramAdjusted = new long[shape.symbols()];
    this.ngramsByAdjusted = new long[shape.order()][Discounts.MAX_COUNT + 1];
  }

  /** Learns the model from merged tables of {@link NgramCounter}; returns its file. */
  public static byte[] learn(NgramShape shape, TupleSource tables) {
    return NgramFile.write(learn(shape, MOST_NGRAMS, tables));
  }

  /**
   * Learns the model from merged tables.
   *
   * @param most the maximum n-grams of two symbols and more to keep
   */
  static LearnedNgrams learn(NgramShape shape, long most, TupleSource tables) {
    return new NgramLearner(shape, tables).learn(most);
  }

  /** Makes the three passes. */
  private LearnedNgrams learn(long most) {
    countCounts();
    long least = leastCount(most);
    keepNgrams(least);
    List<long[]> leftOut = sumLeftOut(least);
    List<Discounts> discounts = Arrays.stream(ngramsByAdjusted).map(Discounts::estimate).toList();
    return new LearnedNgrams(shape, unigramAdjusted, kept, leftOut, discounts);
  }

  /** Computes the adjusted counts of single symbols, and how many n-grams have each count. */
  private void countCounts() {
    AdjustedCounts.forEach(
        shape,
        tables,
        (symbols, from, to, count, adjusted) -> {
          if (to - from == 1) {
            unigramAdjusted[symbols[from]] += adjusted;
          } else {
            ngramsByCount.merge(count, 1L, Math::addExact);
            addAdjusted(to - from, adjusted);
          }
        });
    // Several partitions may have a part of a unigram's count, so it is known only now.
    for (long adjusted : unigramAdjusted) {
      addAdjusted(1, adjusted);
    }
  }

  /** Counts an n-gram of an order by its adjusted count, if the discounts depend on it. */
  private void addAdjusted(int order, long adjusted) {
    long[] ofOrder = ngramsByAdjusted[order - 1];
    if (adjusted < ofOrder.length) {
      ofOrder[(int) adjusted]++;
    }
  }

  /**
   * The smallest number of occurrences such that at most {@code most} n-grams have as many or more.
   */
  private long leastCount(long most) {
    long least = Long.MAX_VALUE;
    long ngrams = 0;
    for (Map.Entry<Long, Long> entry : ngramsByCount.descendingMap().entrySet()) {
      ngrams += entry.getValue();
      if (ngrams > most) {
        return least;
      }
      least = entry.getKey();
    }
    return 1;
  }

  /** Keeps the n-grams that occur {@code least} times or more. */
  private void keepNgrams(long least) {
    for (int order = 2; order <= shape.order(); order++) {
      kept.add(new KeptNgrams(order));
    }
    AdjustedCounts.forEach(
        shape,
        tables,
        (symbols, from, to, count, adjusted) -> {
          if (to - from > 1 && count >= least) {
            kept.get(to - from - 2).add(symbols, from, count, adjusted);
          }
        });
    kept.forEach(KeptNgrams::sort);
  }

  /**
   * The adjusted counts of the n-grams that occur fewer than {@code least} times, as {@link
   * LearnedNgrams#leftOut}.
   */
  private List<long[]> sumLeftOut(long least) {
    List<long[]> leftOut = new ArrayList<>();
    for (int order = 2; order <= shape.order(); order++) {
      leftOut.add(new long[order == 2 ? shape.symbols() : kept.get(order - 3).size()]);
    }
    if (least == 1) {
      return leftOut;
    }
    NgramModel trie = NgramEstimator.trie(shape, kept);
    AdjustedCounts.forEach(
        shape,
        tables,
        (symbols, from, to, count, adjusted) -> {
          if (to - from > 1 && count < least) {
            int history = trie.node(symbols, from, to - 1);
            if (history >= 0) { // else the history is left out as well
              leftOut.get(to - from - 2)[history] += adjusted;
            }
          }
        });
    return leftOut;
  }
}
