package org.merganser.report;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/**
 * Fractions in the form of statistics.json: six decimals, so that the file is the same with every
 * JDK (the shortest form of a double changed in JDK 19).
 */
public final class RoundedFractions {
  private static final int DECIMALS = 6;

  private RoundedFractions() {}

  /** The rounded value; null for NaN and infinity, such as quotients of an empty corpus. */
  public static @Nullable BigDecimal of(double value) {
    return Double.isFinite(value)
        ? new BigDecimal(value).setScale(DECIMALS, RoundingMode.HALF_EVEN)
        : null;
  }

  /** A rounded quotient; null if {@code whole} is 0. */
  public static @Nullable BigDecimal ratio(long part, long whole) {
    return whole == 0
        ? null
        : new BigDecimal(part).divide(new BigDecimal(whole), DECIMALS, RoundingMode.HALF_EVEN);
  }

  /**
   * The Gini coefficient of costs with equal weight: 0 if all are equal, near 1 if one of many has
   * everything, null without costs or if all are 0. {@code Σ (2i − n − 1) xᵢ / (n Σ xᵢ)} over
   * ascending values, i from 1.
   */
  public static @Nullable BigDecimal gini(DoubleStream costs) {
    double[] sorted = costs.sorted().toArray();
    double weighted = 0;
    double sum = 0;
    for (int i = 0; i < sorted.length; i++) {
      weighted += (2.0 * (i + 1) - sorted.length - 1) * sorted[i];
      sum += sorted[i];
    }
    return of(weighted / (sorted.length * sum));
  }

  /** The figure, or NaN for null. */
  public static double asDouble(@Nullable BigDecimal figure) {
    return figure == null ? Double.NaN : figure.doubleValue();
  }
}
