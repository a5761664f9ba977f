package org.merganser.report;

import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/**
 * Fractions in the form of statistics.json: six decimals, so that the file is the same with every
 * JDK (the shortest form of a double changed in JDK 19).
 */
public final class RoundedFractions {
  private static final int DECIMALS = 6;

  private RoundedFractions() {}

  /** The rounded value; null for NaN, such as 0/0 of an empty corpus. */
  public static @Nullable BigDecimal of(double value) {
    return Double.isFinite(value)
        ? new BigDecimal(value).setScale(DECIMALS, RoundingMode.HALF_EVEN)
        : null;
  }

  public static @Nullable BigDecimal ratio(long part, long whole) {
    return whole == 0
        ? null
        : new BigDecimal(part).divide(new BigDecimal(whole), DECIMALS, RoundingMode.HALF_EVEN);
  }

  public static double asDouble(@Nullable BigDecimal figure) {
    return figure == null ? Double.NaN : figure.doubleValue();
  }
}
