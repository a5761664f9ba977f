package org.merganser.learn.vector;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.merganser.learn.tuple.TupleSource;

/**
 * Positive pointwise mutual information of pairs, with the contexts' distribution smoothed to the
 * power 0.75 (Levy, Goldberg and Dagan 2015, "Improving distributional similarity with lessons
 * learned from word embeddings"):
 *
 * <pre>
 * max(0, ln( n(id, context) / (n(id) · p(context)) )),  p(c) = n(c)^0.75 / Σ n(x)^0.75
 * </pre>
 */
final class Ppmi {
  /** The power of the contexts' weights, by which rare contexts have less influence. */
  private static final double SMOOTHING = 0.75;

  /** Larger weights are counted as this one, to bound the table that decides {@link #minWeight}. */
  private static final long LARGEST_WEIGHT = 1 << 20;

  private final TupleSource tables;

  /** n(id). */
  private final long[] idWeights;

  /** p(context). */
  private final double[] contextShares;

  /** The minimum weight of a pair that is used. */
  private final long minWeight;

  /**
   * Reads merged tables for the sums of the formula; {@link #matrix} computes its values.
   *
   * @param tables pairs of an id and the index of a context, with their weights
   * @param idBound one more than the largest id
   * @param contextCount one more than the largest index
   * @param maxPairs the maximum number of pairs that are used
   */
  Ppmi(TupleSource tables, int idBound, int contextCount, long maxPairs) {
    this.tables = tables;
    this.idWeights = new long[idBound];
    long[] contextWeights = new long[contextCount];
    SortedMap<Long, Long> pairsOfWeight = new TreeMap<>();
    tables.forEachTuple(
        (pair, weight) -> {
          idWeights[pair[0]] += weight;
          contextWeights[pair[1]] += weight;
          pairsOfWeight.merge(Math.min(weight, LARGEST_WEIGHT), 1L, Long::sum);
        });
    this.contextShares = smoothedShares(contextWeights);
    this.minWeight = findMinWeight(pairsOfWeight, maxPairs);
  }

  /** The matrix of values, with a row for each id. Reads the tables twice. */
  SparseRows matrix() {
    int ids = idWeights.length;
    int[] from = new int[ids + 1];
    tables.forEachTuple(
        (pair, weight) -> {
          if (value(pair, weight) > 0) {
            from[pair[0] + 1]++;
          }
        });
    for (int i = 0; i < ids; i++) {
      from[i + 1] = Math.addExact(from[i], from[i + 1]);
    }
    int[] next = from.clone();
    int[] columns = new int[from[ids]];
    float[] values = new float[from[ids]];
    tables.forEachTuple(
        (pair, weight) -> {
          double value = value(pair, weight);
          if (value > 0) {
            int at = next[pair[0]]++;
            columns[at] = pair[1];
            values[at] = (float) value;
          }
        });
    return new SparseRows(from, columns, values, contextShares.length);
  }

  /** The minimum weight of a pair that {@link #matrix} uses. */
  long minWeight() {
    return minWeight;
  }

  /** By context, p(context). */
  private static double[] smoothedShares(long[] weights) {
    double[] shares = new double[weights.length];
    double sum = 0;
    for (int i = 0; i < shares.length; i++) {
      shares[i] = StrictMath.pow((double) weights[i], SMOOTHING);
      sum += shares[i];
    }
    if (sum > 0) {
      for (int i = 0; i < shares.length; i++) {
        shares[i] /= sum;
      }
    }
    return shares;
  }

  /**
   * The smallest weight such that at most {@code maxPairs} pairs have as much or more.
   *
   * @param pairsOfWeight the number of pairs by weight
   */
  private static long findMinWeight(SortedMap<Long, Long> pairsOfWeight, long maxPairs) {
    long used = pairsOfWeight.values().stream().mapToLong(Long::longValue).sum();
    long least = 1;
    for (Map.Entry<Long, Long> entry : pairsOfWeight.entrySet()) {
      if (used <= maxPairs) {
        return least;
      }
      used -= entry.getValue();
      least = entry.getKey() + 1;
    }
    return least;
  }

  /** The formula without its maximum; 0 for a pair that is not used. */
  private double value(int[] pair, long weight) {
    if (weight < minWeight) {
      return 0;
    }
    return StrictMath.log(weight / (idWeights[pair[0]] * contextShares[pair[1]]));
  }
}
