package org.merganser.learn.ngram;

import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Interpolated modified Kneser-Ney: the probability of each symbol after those before it, which an
 * {@link NgramEstimator} has computed. Immutable and thread-safe; 12 bytes an n-gram of the highest
 * order, 24 a lower one.
 *
 * <p>The probability of symbol w after h, with h' for h without its first symbol:
 *
 * <pre>p(w | h) = max(a(hw) − D(a(hw)), 0) / Σ a(hx)  +  backoff(h) · p(w | h')</pre>
 *
 * where a is the adjusted count ({@link AdjustedCounts}) and D the discount of its order. Below the
 * unigrams is the uniform distribution over all symbols that can come next. So every id has a
 * probability, even if it never occurs, and they sum to 1 except for rounding. The counts of
 * n-grams hw that are not kept count towards backoff(h). An unknown history is shortened.
 */
public final class NgramModel {
  private final NgramShape shape;
  private final List<NgramLevel> levels;

  /**
   * @param levels by order from 1; the first has every symbol, in order
   */
  NgramModel(NgramShape shape, List<NgramLevel> levels) {
    this.shape = shape;
    this.levels = List.copyOf(levels);
  }

  /** The symbols of the model and the length of its n-grams. */
  public NgramShape shape() {
    return shape;
  }

  /** The levels of the trie, by order from 1. */
  List<NgramLevel> levels() {
    return levels;
  }

  /** The level with the n-grams of an order. */
  NgramLevel levelOf(int order) {
    return levels.get(order - 1);
  }

  /**
   * Fills {@code out} with the probability of each symbol after {@code history[from, to)}; the one
   * of {@link NgramShape#begin} is 0.
   *
   * @param history symbols, the earliest first; only the last order − 1 matter
   * @param out {@link NgramShape#symbols} long
   */
  public void distribution(int[] history, int from, int to, double[] out) {
    System.arraycopy(levelOf(1).probabilities(), 0, out, 0, shape.symbols());
    int longest = Math.min(to - from, shape.order() - 1);
    for (int length = 1; length <= longest; length++) {
      int node = node(history, to - length, to);
      if (node < 0) {
        return;
      }
      NgramLevel histories = levelOf(length);
      NgramLevel continuations = levelOf(length + 1);
      for (int symbol = 0; symbol < out.length; symbol++) {
        out[symbol] *= histories.backoffs()[node];
      }
      for (int i = histories.firstChild()[node]; i < histories.firstChild()[node + 1]; i++) {
        out[continuations.lastSymbols()[i]] = continuations.probabilities()[i];
      }
    }
  }

  /** The number of the n-gram {@code symbols[from, to)} on its level; -1 if the model lacks it. */
  int node(int[] symbols, int from, int to) {
    int node = symbols[from];
    for (int i = from + 1; i < to && node >= 0; i++) {
      int order = i - from; // of the n-gram that was found so far
      int[] firstChild = levelOf(order).firstChild();
      int[] lastSymbols = levelOf(order + 1).lastSymbols();
      node = Arrays.binarySearch(lastSymbols, firstChild[node], firstChild[node + 1], symbols[i]);
    }
    return Math.max(node, -1);
  }

  /** The {@code wanted} most probable symbols, ties by symbol; fewer if others cannot come next. */
  public static int[] mostProbable(double[] distribution, int wanted) {
    if (wanted <= 0) {
      return new int[0];
    }
    // The head is the least probable symbol, and of several the largest: it is replaced first.
    PriorityQueue<Integer> kept =
        new PriorityQueue<>(
            (a, b) -> {
              int order = Double.compare(distribution[a], distribution[b]);
              return order != 0 ? order : Integer.compare(b, a);
            });
    for (int symbol = 0; symbol < distribution.length; symbol++) {
      if (distribution[symbol] > 0) {
        if (kept.size() < wanted) {
          kept.add(symbol);
        } else if (distribution[symbol] > distribution[kept.element()]) {
          kept.remove();
          kept.add(symbol);
        }
      }
    }
    int[] best = new int[kept.size()];
    for (int i = best.length - 1; i >= 0; i--) {
      best[i] = kept.remove();
    }
    return best;
  }
}
