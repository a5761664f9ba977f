package org.merganser.bpe.count;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Arrays;

/**
 * Turns counts by group into one count, so that each group has a given share of all text.
 *
 * <p>The <b>mixed text</b> is the text in which the groups have these shares. It has as many bytes
 * as all groups with a weight together, and a group of {@code b} bytes occurs in it {@code w / sum
 * of weights * all bytes / b} times. That is the group's <b>rate</b>.
 *
 * <p>A count must be an integer and must not become 0. So counts are those of a text that is larger
 * than the mixed text by the factor {@link #multiple}, which is 1 / the lowest rate. The group with
 * the lowest rate counts once for each occurrence, and every other group at least once. Its factor,
 * {@code rate * multiple}, is rounded half up to a multiple of 2<sup>-32</sup>; the products of an
 * entry's counts and the factors are summed exactly and rounded half up to an integer. A group of
 * weight 0 counts nothing.
 *
 * <p>A minimum frequency of the mixed text becomes {@link #atLeast} of these counts.
 */
public final class GroupScale {
  /** Fraction bits of a factor. */
  private static final int FRACTION = 32;

  /** The maximum factor; it takes 62 bits with its fraction. */
  private static final long MAX_FACTOR = 1L << 30;

  /** Factors times 2^32; 0 for a group of weight 0. */
  private final long[] factors;

  private final BigInteger leastNumerator;

  private final BigInteger leastDenominator;

  /**
   * @param weights one for each group, 0 or more; only their ratios matter
   * @param bytes the text of each group, above 0 if its weight is
   * @throws IllegalArgumentException if no weight is above 0
   * @throws ArithmeticException if a group would count more than 2<sup>30</sup> times as much as
   *     another
   */
  public GroupScale(BigDecimal[] weights, long[] bytes) {
    int scale = Arrays.stream(weights).mapToInt(BigDecimal::scale).max().orElse(0);
    BigInteger[] whole = new BigInteger[weights.length];
    BigInteger[] text = new BigInteger[weights.length];
    BigInteger sum = BigInteger.ZERO;
    BigInteger all = BigInteger.ZERO;
    int least = -1;
    for (int g = 0; g < weights.length; g++) {
      whole[g] = weights[g].setScale(scale, RoundingMode.UNNECESSARY).unscaledValue();
      text[g] = BigInteger.valueOf(Math.max(1, bytes[g]));
      if (whole[g].signum() > 0) {
        sum = sum.add(whole[g]);
        all = all.add(text[g]);
        boolean less =
            least < 0
                || whole[g].multiply(text[least]).compareTo(whole[least].multiply(text[g])) < 0;
        if (less) {
          least = g;
        }
      }
    }
    if (least < 0) {
      throw new IllegalArgumentException("every group has weight 0; at least one must have more");
    }
    leastNumerator = whole[least].multiply(all);
    leastDenominator = text[least].multiply(sum);
    factors = new long[weights.length];
    for (int g = 0; g < factors.length; g++) {
      factors[g] = factor(whole[g].multiply(text[least]), text[g].multiply(whole[least]));
    }
  }

  private static long factor(BigInteger numerator, BigInteger denominator) {
    BigInteger dividend = numerator.shiftLeft(FRACTION + 1).add(denominator);
    BigInteger factor = dividend.divide(denominator.shiftLeft(1));
    if (factor.compareTo(BigInteger.valueOf(MAX_FACTOR).shiftLeft(FRACTION)) > 0) {
      throw new ArithmeticException(
          "an occurrence in one group would count %s times as much as one in another; at most %s is possible"
              .formatted(factor.shiftRight(FRACTION), MAX_FACTOR));
    }
    return factor.longValueExact();
  }

  /**
   * The count of an entry, at least 1 if a group with a factor has it, else 0; the arguments are
   * those of {@link GroupedCounts.Visitor}.
   *
   * @throws ArithmeticException if it exceeds a long
   */
  public long count(int[] groups, long[] counts, int n) {
    long high = 0;
    long low = 1L << (FRACTION - 1); // rounds half up
    for (int i = 0; i < n; i++) {
      long factor = factors[groups[i]];
      long more = counts[i] * factor;
      low += more;
      high += Math.multiplyHigh(counts[i], factor);
      high += Long.compareUnsigned(low, more) < 0 ? 1 : 0;
      if (high >= 1L << (FRACTION - 1)) {
        throw new ArithmeticException("a scaled count exceeds 2^63 - 1");
      }
    }
    return high << FRACTION | low >>> FRACTION;
  }

  /** The factor of an occurrence in a group, exactly. */
  public BigDecimal factor(int group) {
    return new BigDecimal(BigInteger.valueOf(factors[group]))
        .divide(new BigDecimal(BigInteger.ONE.shiftLeft(FRACTION)));
  }

  /** The size of the counted text divided by that of the mixed text, to 6 decimals. */
  public BigDecimal multiple() {
    return new BigDecimal(leastDenominator)
        .divide(new BigDecimal(leastNumerator), 6, RoundingMode.HALF_UP);
  }

  /**
   * The scaled count of {@code frequency} occurrences in the mixed text.
   *
   * @param frequency 0 or more
   * @throws ArithmeticException if it exceeds a long
   */
  public long atLeast(long frequency) {
    BigInteger dividend = BigInteger.valueOf(frequency).multiply(leastDenominator);
    return dividend
        .add(leastNumerator)
        .subtract(BigInteger.ONE)
        .divide(leastNumerator)
        .longValueExact();
  }
}
