package org.merganser.learn.ngram;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The slow twin of {@link NgramLearner}: interpolated modified Kneser-Ney straight from its
 * definition, over maps of lists. Begin of document is -1, the end without a token of its own -2.
 */
public final class PlainKneserNey {
  static final int BEGIN = -1;
  static final int END = -2;

  private final int order;
  private final int predicted;
  private final long least;
  private final Map<Integer, double[]> discounts = new HashMap<>();
  private final Map<List<Integer>, Long> count = new HashMap<>();
  private final Map<List<Integer>, Set<Integer>> before = new HashMap<>();
  private final Map<List<Integer>, Set<Integer>> after = new HashMap<>();

  /**
   * @param least occurrences of an n-gram of two symbols and more that is kept
   */
  public PlainKneserNey(List<int[]> documents, int order, int idBound, boolean ownEnd, long least) {
    this.order = order;
    this.predicted = ownEnd ? idBound + 1 : idBound;
    this.least = least;
    for (int[] document : documents) {
      List<Integer> symbols = new ArrayList<>(List.of(BEGIN));
      for (int id : document) {
        symbols.add(id);
      }
      if (ownEnd) {
        symbols.add(END);
      }
      for (int end = 2; end <= symbols.size(); end++) {
        for (int from = Math.max(0, end - order); from < end; from++) {
          List<Integer> ngram = List.copyOf(symbols.subList(from, end));
          count.merge(ngram, 1L, Long::sum);
          after
              .computeIfAbsent(ngram.subList(0, ngram.size() - 1), k -> new HashSet<>())
              .add(ngram.get(ngram.size() - 1));
          if (from > 0) {
            before.computeIfAbsent(ngram, k -> new HashSet<>()).add(symbols.get(from - 1));
          }
        }
      }
    }
  }

  long adjusted(List<Integer> ngram) {
    if (!count.containsKey(ngram)) {
      return 0;
    }
    boolean raw = ngram.size() == order || ngram.get(0) == BEGIN;
    return raw ? count.get(ngram) : before.get(ngram).size();
  }

  long count(List<Integer> ngram) {
    return count.getOrDefault(ngram, 0L);
  }

  double discount(int ofOrder, long adjusted) {
    return discounts.computeIfAbsent(ofOrder, this::discounts)[(int) Math.min(adjusted, 3)];
  }

  private double[] discounts(int ofOrder) {
    double[] n = new double[5];
    for (List<Integer> ngram : count.keySet()) {
      if (ngram.size() == ofOrder && adjusted(ngram) <= 4) {
        n[(int) adjusted(ngram)]++;
      }
    }
    double y = n[1] / (n[1] + 2 * n[2]);
    double[] d = {0, 1 - 2 * y * n[2] / n[1], 2 - 3 * y * n[3] / n[2], 3 - 4 * y * n[4] / n[3]};
    boolean bad = n[1] * n[2] * n[3] * n[4] == 0;
    for (int i = 1; i <= 3 && !bad; i++) {
      bad = d[i] < 0 || d[i] > i;
    }
    return bad ? new double[] {0, 0.5, 1, 1.5} : d;
  }

  private boolean kept(List<Integer> ngram) {
    return ngram.size() == 1 || count(ngram) >= least;
  }

  /** Of {@code symbol} after {@code history}, the earliest first. */
  public double probability(List<Integer> history, int symbol) {
    List<Integer> h = history.subList(Math.max(0, history.size() - order + 1), history.size());
    if (!h.isEmpty() && (!kept(h) && !h.equals(List.of(BEGIN)))) {
      return probability(h.subList(1, h.size()), symbol);
    }
    double total = 0;
    double left = 0;
    for (int next : after.getOrDefault(h, Set.of())) {
      List<Integer> ngram = join(h, next);
      long adjusted = adjusted(ngram);
      total += adjusted;
      left += kept(ngram) ? discount(ngram.size(), adjusted) : adjusted;
    }
    List<Integer> ngram = join(h, symbol);
    long adjusted = kept(ngram) ? adjusted(ngram) : 0;
    double own = adjusted == 0 ? 0 : (adjusted - discount(ngram.size(), adjusted)) / total;
    double lower = h.isEmpty() ? 1.0 / predicted : probability(h.subList(1, h.size()), symbol);
    return total == 0 ? lower : own + left / total * lower;
  }

  private static List<Integer> join(List<Integer> history, int symbol) {
    List<Integer> ngram = new ArrayList<>(history);
    ngram.add(symbol);
    return ngram;
  }
}
