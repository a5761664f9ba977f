package org.merganser.learn.ngram;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/**
 * The rule by which n-grams are left out of a model: those that occur less often than the minimum
 * of their order. Minimums never fall with the order, so that whatever is kept has its beginning
 * and its end kept too; unigrams are all kept.
 *
 * <p>When more than {@code maxNgrams} would be kept, minimums are raised by one at a time: that of
 * the highest order first, then of each lower one, and round again, until they fit: (1, 1, 1), (1,
 * 1, 2), (1, 2, 2), (1, 2, 3), …
 *
 * @param minCounts by order from 1; [0] is 1
 */
record NgramPruning(List<Long> minCounts) {

  /**
   * @param asked minimums by order from 1, or fewer: the last one holds for the orders that follow;
   *     empty: 1
   * @param histograms by order from 2: of each count, how many n-grams have it
   */
  static NgramPruning within(
      int order, List<Long> asked, long maxNgrams, List<SortedMap<Long, Long>> histograms) {
    List<Long> minimums = new ArrayList<>();
    minimums.add(1L);
    for (int k = 2; k <= order; k++) {
      long wanted = asked.isEmpty() ? 1 : asked.get(Math.min(k, asked.size()) - 1);
      minimums.add(Math.max(minimums.get(k - 2), wanted));
    }
    int raised = order;
    while (kept(minimums, histograms) > maxNgrams && order > 1) {
      if (raised > 1 && minimums.get(raised - 1) <= minimums.get(order - 1)) {
        minimums.set(raised - 1, minimums.get(raised - 1) + 1);
        for (int k = raised; k < order; k++) {
          minimums.set(k, Math.max(minimums.get(k), minimums.get(k - 1)));
        }
      }
      raised = raised <= 2 ? order : raised - 1;
    }
    return new NgramPruning(List.copyOf(minimums));
  }

  private static long kept(List<Long> minimums, List<SortedMap<Long, Long>> histograms) {
    long kept = 0;
    for (int i = 0; i < histograms.size(); i++) {
      for (long ngrams : histograms.get(i).tailMap(minimums.get(i + 1)).values()) {
        kept += ngrams;
      }
    }
    return kept;
  }

  boolean keeps(int order, long count) {
    return count >= minCounts.get(order - 1);
  }
}
