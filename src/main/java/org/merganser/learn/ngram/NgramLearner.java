package org.merganser.learn.ngram;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.merganser.learn.tuple.MergedTables;

/**
 * Estimates the model from merged tables on one machine, in three passes over them: the first
 * computes counts of counts, which decide discounts and the minimum count of a kept n-gram; the
 * second keeps n-grams; the third, only if some are not kept, adds those to the backoff of their
 * history. Memory is at most about 60 bytes for each kept n-gram, whatever the tables' size.
 *
 * <p>The beginning and the end of a kept n-gram are also kept, since they occur at least as often.
 */
public final class NgramLearner {
  /** The maximum n-grams of two symbols and more in a model. */
  private static final long MOST_NGRAMS = 10_000_000;

  private final NgramShape shape;
  private final MergedTables tables;
  private final long[] unigramAdjusted;
  private final NavigableMap<Long, Long> ngramsByCount = new TreeMap<>();
  private final long[][] ngramsByAdjusted;
  private final List<KeptNgrams> kept = new ArrayList<>();

  private NgramLearner(NgramShape shape, MergedTables tables) {
    this.shape = shape;
    this.tables = tables;
    this.unigramAdjusted = new long[shape.symbols()];
    this.ngramsByAdjusted = new long[shape.order()][5];
  }

  /** Learns the model from merged tables of {@link NgramCounter}; returns its file. */
  public static byte[] learn(NgramShape shape, MergedTables tables) {
    return NgramFile.write(learn(shape, MOST_NGRAMS, tables));
  }

  /**
   * @param most the maximum n-grams of two symbols and more to keep
   */
  static LearnedNgrams learn(NgramShape shape, long most, MergedTables tables) {
    return new NgramLearner(shape, tables).learn(most);
  }

  private LearnedNgrams learn(long most) {
    AdjustedCounts.forEach(shape, tables, this::take);
    for (long adjusted : unigramAdjusted) {
      addAdjusted(1, adjusted);
    }
    long least = leastCount(most);
    keep(least);
    List<long[]> cut = new ArrayList<>();
    for (int order = 2; order <= shape.order(); order++) {
      cut.add(new long[order == 2 ? shape.symbols() : kept.get(order - 3).size()]);
    }
    if (least > 1) {
      NgramModel trie = NgramEstimator.trie(shape, kept);
      AdjustedCounts.forEach(
          shape,
          tables,
          (symbols, from, to, count, adjusted) -> {
            int history = to - from > 1 && count < least ? trie.node(symbols, from, to - 1) : -1;
            if (history >= 0) {
              cut.get(to - from - 2)[history] += adjusted;
            }
          });
    }
    List<Discounts> discounts = Arrays.stream(ngramsByAdjusted).map(Discounts::of).toList();
    return new LearnedNgrams(shape, unigramAdjusted, kept, cut, discounts);
  }

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

  private void take(int[] symbols, int from, int to, long count, long adjusted) {
    if (to - from == 1) {
      unigramAdjusted[symbols[from]] += adjusted;
    } else {
      ngramsByCount.merge(count, 1L, Math::addExact);
      addAdjusted(to - from, adjusted);
    }
  }

  private void addAdjusted(int order, long adjusted) {
    long[] ofCount = ngramsByAdjusted[order - 1];
    if (adjusted < ofCount.length) {
      ofCount[(int) adjusted]++;
    }
  }

  private void keep(long least) {
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
}
