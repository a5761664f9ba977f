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
 * <p>A count must be an integer, and must not become 0 for a group with a weight. So counts are
 * those of a text that is larger than the mixed text by the factor {@link #multiple}, which is 1 /
 * the lowest rate. The group with the lowest rate counts once for each occurrence, and every other
 * group at least once. Its factor, {@code rate * multiple}, is rounded half up to a multiple of
 * 2<sup>-32</sup>; the products of an entry's counts and the factors are summed exactly and rounded
 * half up to an integer. A group of weight 0 counts nothing.
 *
 * <p>A minimum frequency of the mixed text becomes the {@link #scaledMinimum} of these counts.
 */
public final class GroupScale {
  /** The number of fraction bits of a factor. */
  private static final int FRACTION = 32;

  /** The maximum factor; with its fraction it is 2^62, which a long holds. */
  private static final long MAX_FACTOR = 1L << 30;

  /** By group, its factor times 2^32; 0 for a group of weight 0. */
  private final long[] factors;

  /** The lowest rate is this divided by {@link #lowestRateDenominator}. */
  private final BigInteger lowestRateNumerator;

  private final BigInteger lowestRateDenominator;

  /**
   * @param weights one for each group, 0 or more; only their ratios matter
   * @param bytes the bytes of text of each group; 0 counts as 1
   * @throws IllegalArgumentException if no weight is above 0
   * @throws ArithmeticException if a group would count more than 2<sup>30</sup> times as much as
   *     another
   */
  public GroupScale(BigDecimal[] weights, long[] bytes) {
    BigInteger[] integerWeights = integers(weights);
    BigInteger[] text = new BigInteger[weights.length];
    BigInteger sumOfWeights = BigInteger.ZERO;
    BigInteger allText = BigInteger.ZERO;
    for (int g = 0; g < weights.length; g++) {
      text[g] = BigInteger.valueOf(Math.max(1, bytes[g]));
      if (integerWeights[g].signum() > 0) {
        sumOfWeights = sumOfWeights.add(integerWeights[g]);
        allText = allText.add(text[g]);
      }
    }
    int lowest = groupOfLowestRate(integerWeights, text);
    if (lowest < 0) {
      throw new IllegalArgumentException("every group has weight 0; at least one must have more");
    }
    lowestRateNumerator = integerWeights[lowest].multiply(allText);
    lowestRateDenominator = text[lowest].multiply(sumOfWeights);
    factors = new long[weights.length];
    // rate * multiple is the weight per byte of a group, divided by that of the lowest group
    for (int g = 0; g < factors.length; g++) {
      factors[g] =
          roundedFactor(
              integerWeights[g].multiply(text[lowest]), text[g].multiply(integerWeights[lowest]));
    }
  }

  /**
   * The count of an entry, at least 1 if a group with a factor has it, else 0; the arguments are
   * those of {@link GroupedCounts.Visitor}.
   *
   * @throws ArithmeticException if it exceeds a long
   */
  public long count(int[] groups, long[] counts, int n) {
    // The sum has 128 bits: high and low, which is unsigned.
    long high = 0;
    long low = 1L << (FRACTION - 1); // rounds half up
    for (int i = 0; i < n; i++) {
      long factor = factors[groups[i]];
      long lowProduct = counts[i] * factor;
      low += lowProduct;
      boolean carry = Long.compareUnsigned(low, lowProduct) < 0;
      high += Math.multiplyHigh(counts[i], factor) + (carry ? 1 : 0);
      if (high >= 1L << (FRACTION - 1)) { // the result, without its fraction, has 63 bits
        throw new ArithmeticException("a scaled count exceeds 2^63 - 1");
      }
    }
    return (high << FRACTION) | (low >>> FRACTION);
  }

  /** The factor of an occurrence in a group, exactly. */
  public BigDecimal factor(int group) {
    return new BigDecimal(BigInteger.valueOf(factors[group]))
        .divide(new BigDecimal(BigInteger.ONE.shiftLeft(FRACTION)));
  }

  /** The size of the counted text divided by that of the mixed text, to 6 decimals. */
  public BigDecimal multiple() {
    return new BigDecimal(lowestRateDenominator)
        .divide(new BigDecimal(lowestRateNumerator), 6, RoundingMode.HALF_UP);
  }

  /**
   * The scaled count of {@code frequency} occurrences in the mixed text, rounded up.
   *
   * @param frequency 0 or more
   * @throws ArithmeticException if it exceeds a long
   */
  public long scaledMinimum(long frequency) {
    BigInteger dividend = BigInteger.valueOf(frequency).multiply(lowestRateDenominator);
    return dividend
        .add(lowestRateNumerator)
        .subtract(BigInteger.ONE)
        .divide(lowestRateNumerator)
        .longValueExact();
  }

  /** The weights, multiplied by a power of ten that makes all of them integers. */
  private static BigInteger[] integers(BigDecimal[] weights) {
    int scale = Arrays.stream(weights).mapToInt(BigDecimal::scale).max().orElse(0);
    return Arrays.stream(weights)
        .map(weight -> weight.setScale(scale, RoundingMode.UNNECESSARY).unscaledValue())
        .toArray(BigInteger[]::new);
  }

  /** The group with the lowest weight for its text, of equal ones the first; -1 if none has any. */
  private static int groupOfLowestRate(BigInteger[] weights, BigInteger[] text) {
    int lowest = -1;
    for (int g = 0; g < weights.length; g++) {
      if (weights[g].signum() <= 0) {
        continue;
      }
      if (lowest < 0
          || weights[g].multiply(text[lowest]).compareTo(weights[lowest].multiply(text[g])) < 0) {
        lowest = g;
      }
    }
    return lowest;
  }

  /**
   * A fraction times 2<sup>32</sup>, rounded half up.
   *
   * @throws ArithmeticException if the fraction exceeds {@link #MAX_FACTOR}
   */
  private static long roundedFactor(BigInteger numerator, BigInteger denominator) {
    BigInteger dividend = numerator.shiftLeft(FRACTION + 1).add(denominator);
    BigInteger factor = dividend.divide(denominator.shiftLeft(1));
    if (factor.compareTo(BigInteger.valueOf(MAX_FACTOR).shiftLeft(FRACTION)) > 0) {
      throw new ArithmeticException(
          ("an occurrence in one group would count %s times as much as one in another; at most %s"
                  + " is possible")
              .formatted(factor.shiftRight(FRACTION), MAX_FACTOR));
    }
    return factor.longValueExact();
  }
}
