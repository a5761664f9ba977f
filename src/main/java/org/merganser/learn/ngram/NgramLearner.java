package org.merganser.learn.ngram;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.merganser.learn.LearnProgress;
import org.merganser.learn.MergedTables;
import org.merganser.learn.PackedTuples;

/**
 * Estimates the model from merged tables on one machine, in three passes over them: the first takes
 * counts of counts, which decide discounts and pruning; the second keeps n-grams; the third, only
 * after pruning, gives what was cut to the backoff of its history. Memory is that of the n-grams
 * kept, about 60 bytes each at most, whatever the tables' size.
 */
public final class NgramLearner {
  private static final class CountsOfCounts {
    final SortedMap<Long, Long> ofCount = new TreeMap<>();
    final long[] ofAdjusted = new long[5];

    void add(long count, long adjusted) {
      ofCount.merge(count, 1L, Math::addExact);
      if (adjusted < ofAdjusted.length) {
        ofAdjusted[(int) adjusted]++;
      }
    }
  }

  private final NgramShape shape;
  private final MergedTables tables;
  private final LearnProgress progress;
  private final long[] unigramCounts;
  private final long[] unigramAdjusted;
  private final List<CountsOfCounts> census = new ArrayList<>();
  private final List<KeptNgrams> kept = new ArrayList<>();

  private NgramLearner(NgramShape shape, MergedTables tables, LearnProgress progress) {
    this.shape = shape;
    this.tables = tables;
    this.progress = progress;
    this.unigramCounts = new long[shape.symbols()];
    this.unigramAdjusted = new long[shape.symbols()];
  }

  /**
   * @param minCounts least occurrences by order from 1; the last one holds for higher orders;
   *     empty: 1; unigrams are all kept
   * @param maxNgrams bound of the n-grams of orders from 2 that are kept, met by {@link
   *     NgramPruning}
   */
  public static LearnedNgrams learn(
      NgramShape shape,
      List<Long> minCounts,
      long maxNgrams,
      MergedTables tables,
      LearnProgress progress) {
    return new NgramLearner(shape, tables, progress).learn(minCounts, maxNgrams);
  }

  /** Distinct n-grams that are counted before their table is packed. */
  private static final int MOST_DISTINCT = 1 << 20;

  /**
   * The model of documents in memory, of which all n-grams are kept.
   *
   * @param symbols one more than the largest that a document may have
   */
  public static NgramModel ofDocuments(List<int[]> documents, int order, int symbols) {
    NgramShape shape = new NgramShape(order, Math.max(1, symbols), -1);
    List<byte[]> blocks = new ArrayList<>();
    NgramCounter counter =
        new NgramCounter(shape, MOST_DISTINCT, counts -> blocks.add(counts.pack(1)[0]));
    for (int[] document : documents) {
      counter.begin("");
      counter.ids(document, document.length);
      counter.end();
    }
    counter.finish();
    byte[] merged = PackedTuples.merge(order, blocks);
    return learn(
            shape,
            List.of(),
            Long.MAX_VALUE,
            visitor -> visitor.accept(tuples -> PackedTuples.forEach(order, merged, tuples)),
            LearnProgress.NONE)
        .model();
  }

  private LearnedNgrams learn(List<Long> minCounts, long maxNgrams) {
    progress.ahead(2 + shape.order());
    for (int order = 1; order <= shape.order(); order++) {
      census.add(new CountsOfCounts());
    }
    forEachNgram(this::take);
    for (int symbol = 0; symbol < shape.symbols(); symbol++) {
      if (unigramCounts[symbol] > 0) {
        census.get(0).add(unigramCounts[symbol], unigramAdjusted[symbol]);
      }
    }
    NgramPruning pruning =
        NgramPruning.within(
            shape.order(),
            minCounts,
            maxNgrams,
            census.stream().skip(1).map(counts -> counts.ofCount).toList());
    List<Discounts> discounts = census.stream().map(c -> Discounts.of(c.ofAdjusted)).toList();

    keep(pruning);
    NgramEstimator estimator = new NgramEstimator(shape, unigramAdjusted, kept);
    if (isPruned()) {
      progress.ahead(1);
      NgramModel trie = estimator.model();
      forEachNgram(
          (order, reversed, count, adjusted) -> {
            if (order > 1 && !pruning.keeps(order, count)) {
              cut(trie, estimator.cut(), order, reversed, adjusted);
            }
          });
    }
    for (int order = 1; order <= shape.order(); order++) {
      estimator.estimate(order, discounts.get(order - 1));
      progress.done();
    }
    return new LearnedNgrams(
        estimator.model(),
        unigramCounts,
        unigramAdjusted,
        kept,
        estimator.cut(),
        figures(pruning, discounts));
  }

  private void forEachNgram(AdjustedCounts.Visitor visitor) {
    tables.forEach(partition -> AdjustedCounts.forEach(shape, partition, visitor));
    progress.done();
  }

  private void take(int order, int[] reversed, long count, long adjusted) {
    if (order == 1) {
      unigramCounts[reversed[0]] = Math.addExact(unigramCounts[reversed[0]], count);
      unigramAdjusted[reversed[0]] += adjusted;
    } else {
      census.get(order - 1).add(count, adjusted);
    }
  }

  private void keep(NgramPruning pruning) {
    for (int order = 2; order <= shape.order(); order++) {
      kept.add(new KeptNgrams(order));
    }
    forEachNgram(
        (order, reversed, count, adjusted) -> {
          if (order > 1 && pruning.keeps(order, count)) {
            kept.get(order - 2).add(reversed, count, adjusted);
          }
        });
    kept.forEach(KeptNgrams::sort);
  }

  private boolean isPruned() {
    for (int order = 2; order <= shape.order(); order++) {
      if (kept.get(order - 2).size() < all(order)) {
        return true;
      }
    }
    return false;
  }

  private long all(int order) {
    return census.get(order - 1).ofCount.values().stream().mapToLong(Long::longValue).sum();
  }

  /** An n-gram that is not kept counts towards the backoff of its history, where that is kept. */
  private static void cut(
      NgramModel trie, List<long[]> cut, int order, int[] reversed, long adjusted) {
    int history = trie.node(forward(reversed, order), 0, order - 1);
    if (history >= 0) {
      cut.get(order - 2)[history] += adjusted;
    }
  }

  private static int[] forward(int[] reversed, int order) {
    int[] symbols = new int[order];
    for (int i = 0; i < order; i++) {
      symbols[i] = reversed[order - 1 - i];
    }
    return symbols;
  }

  private List<NgramFigures.Order> figures(NgramPruning pruning, List<Discounts> discounts) {
    List<NgramFigures.Order> figures = new ArrayList<>();
    for (int order = 1; order <= shape.order(); order++) {
      Discounts d = discounts.get(order - 1);
      long keptOf = order == 1 ? all(1) : kept.get(order - 2).size();
      long minimum = pruning.minCounts().get(order - 1);
      SortedMap<Long, Long> below = census.get(order - 1).ofCount.headMap(minimum);
      long cutOccurrences = 0;
      for (var entry : below.entrySet()) {
        cutOccurrences += Math.multiplyExact(entry.getKey(), entry.getValue());
      }
      figures.add(
          new NgramFigures.Order(
              order,
              all(order),
              keptOf,
              minimum,
              cutOccurrences,
              List.of(d.one(), d.two(), d.more()),
              d.estimated()));
    }
    return figures;
  }
}
