package org.merganser.bpe.count;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.merganser.Seeds;

class GroupScaleTest {
  private static final MathContext PRECISE = new MathContext(120);

  private static GroupScale weights(String weights, long... bytes) {
    String[] parts = weights.split(" ", -1);
    BigDecimal[] all = new BigDecimal[parts.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = new BigDecimal(parts[i]);
    }
    return new GroupScale(all, bytes);
  }

  private static long count(GroupScale scale, long... counts) {
    int[] groups = new int[counts.length];
    for (int i = 0; i < groups.length; i++) {
      groups[i] = i;
    }
    return scale.count(groups, counts, counts.length);
  }

  @Test
  void groupsThatHaveTheirSharesAlreadyCountAsTheyAre() {
    GroupScale equal = weights("1 1", 700, 700);
    assertThat(count(equal, 3, 9)).isEqualTo(12);
    assertThat(equal.scaledMinimum(2)).isEqualTo(2);
    GroupScale shares = weights("0.7 0.2 0.1", 7000, 2000, 1000);
    assertThat(count(shares, 5, 6, 7)).isEqualTo(18);
    assertThat(shares.multiple()).isEqualByComparingTo("1");
  }

  /** The larger group occurs 2/3 times, the smaller one twice: three times as often. */
  @Test
  void theGroupWithTheLeastRateCountsOnceAndNoCountIsLost() {
    GroupScale scale = weights("1 1", 3000, 1000);
    assertThat(count(scale, 1, 0)).isEqualTo(1);
    assertThat(count(scale, 0, 1)).isEqualTo(3);
    assertThat(count(scale, 10, 4)).isEqualTo(22);
    assertThat(scale.multiple()).isEqualByComparingTo("1.5");
    assertThat(scale.scaledMinimum(2)).isEqualTo(3); // 2 times in the mixed text
    assertThat(scale.scaledMinimum(1)).isEqualTo(2); // 1.5, and counts are whole
    assertThat(scale.scaledMinimum(0)).isZero();
  }

  @Test
  void aGroupOfWeight0CountsNothing() {
    GroupScale scale = weights("1 0 3", 1000, 5, 1000);
    assertThat(count(scale, 0, 900, 0)).isZero();
    assertThat(count(scale, 1, 900, 1)).isEqualTo(4);
    assertThatThrownBy(() -> weights("0 0", 5, 5))
        .hasMessage("every group has weight 0; at least one must have more");
  }

  /** 1.5 is rounded up, and a sum is rounded once. */
  @Test
  void sumsAreRoundedHalfUpOnce() {
    GroupScale scale = weights("2 3 2", 1000, 1000, 1000);
    assertThat(count(scale, 0, 1, 0)).isEqualTo(2);
    assertThat(count(scale, 0, 3, 0)).isEqualTo(5); // 4.5
    assertThat(count(scale, 1, 3, 1)).isEqualTo(7); // 6.5
    assertThat(count(scale, 0, 2, 0)).isEqualTo(3);
  }

  @Test
  void whatDoesNotFitALongIsRefused() {
    GroupScale scale = weights("1 3", 1000, 1000);
    assertThat(count(scale, Long.MAX_VALUE, 0)).isEqualTo(Long.MAX_VALUE);
    assertThatThrownBy(() -> count(scale, Long.MAX_VALUE, 1))
        .isInstanceOf(ArithmeticException.class);
    assertThatThrownBy(() -> count(scale, 0, Long.MAX_VALUE / 2))
        .isInstanceOf(ArithmeticException.class);
    assertThatThrownBy(() -> scale.scaledMinimum(Long.MAX_VALUE))
        .isInstanceOf(ArithmeticException.class);
    assertThatThrownBy(() -> weights("1 2000000000", 1000, 1000))
        .isInstanceOf(ArithmeticException.class)
        .hasMessageContaining("2000000000 times as much");
  }

  /** The definition, by BigDecimal. */
  @Test
  void equalsItsSlowTwin() {
    long seed = Seeds.next();
    Random random = new Random(seed);
    for (int round = 0; round < 2000; round++) {
      int groups = 1 + random.nextInt(6);
      BigDecimal[] weights = new BigDecimal[groups];
      long[] bytes = new long[groups];
      for (int g = 0; g < groups; g++) {
        weights[g] = BigDecimal.valueOf(1 + random.nextInt(1000), random.nextInt(4));
        bytes[g] = 1 + (random.nextLong() >>> (34 + random.nextInt(10)));
      }
      BigDecimal[] rates = new BigDecimal[groups];
      BigDecimal sum = BigDecimal.ZERO;
      BigDecimal all = BigDecimal.ZERO;
      for (int g = 0; g < groups; g++) {
        sum = sum.add(weights[g]);
        all = all.add(BigDecimal.valueOf(bytes[g]));
      }
      BigDecimal least = null;
      for (int g = 0; g < groups; g++) {
        BigDecimal own = BigDecimal.valueOf(bytes[g]);
        rates[g] = weights[g].multiply(all).divide(sum.multiply(own), PRECISE);
        least = least == null ? rates[g] : least.min(rates[g]);
      }
      GroupScale scale = new GroupScale(weights, bytes);
      long[] counts = new long[groups];
      BigDecimal exact = BigDecimal.ZERO;
      BigDecimal unrounded = BigDecimal.ZERO;
      BigInteger unit = BigInteger.ONE.shiftLeft(32);
      for (int g = 0; g < groups; g++) {
        counts[g] = random.nextInt(3) == 0 ? 0 : random.nextLong() >>> (30 + random.nextInt(33));
        BigDecimal factor = rates[g].divide(least, PRECISE);
        BigDecimal rounded =
            factor
                .multiply(new BigDecimal(unit))
                .round(new MathContext(110))
                .setScale(0, RoundingMode.HALF_UP);
        exact = exact.add(rounded.multiply(BigDecimal.valueOf(counts[g])));
        unrounded = unrounded.add(factor.multiply(BigDecimal.valueOf(counts[g])));
      }
      long expected =
          exact.divide(new BigDecimal(unit)).setScale(0, RoundingMode.HALF_UP).longValueExact();
      assertThat(count(scale, counts)).as("seed %d round %d", seed, round).isEqualTo(expected);
      // What the rounding of factors changes is less than one in 2^32.
      assertThat(new BigDecimal(expected).subtract(unrounded).abs())
          .isLessThan(
              new BigDecimal("0.5001").add(unrounded.divide(new BigDecimal(unit), PRECISE)));
      assertThat(scale.scaledMinimum(0)).isZero();
      assertThat(scale.scaledMinimum(3))
          .isEqualTo(
              BigDecimal.valueOf(3)
                  .divide(least, PRECISE)
                  .round(new MathContext(110))
                  .setScale(0, RoundingMode.CEILING)
                  .longValueExact());
    }
  }
}
