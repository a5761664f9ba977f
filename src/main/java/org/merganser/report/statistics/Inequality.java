package org.merganser.report.statistics;

import java.util.Arrays;

/** Measures how unevenly a cost is distributed. */
final class Inequality {
  private Inequality() {}

  /**
   * The Gini coefficient of values with equal weight: 0 if all are equal, near 1 if one value has
   * everything. {@code Σ (2i − n − 1) xᵢ / (n Σ xᵢ)} over ascending values, i from 1.
   */
  static double gini(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    double weighted = 0;
    double sum = 0;
    for (int i = 0; i < sorted.length; i++) {
      weighted += (2.0 * (i + 1) - sorted.length - 1) * sorted[i];
      sum += sorted[i];
    }
    return sum == 0 ? Double.NaN : weighted / (sorted.length * sum);
  }
}
