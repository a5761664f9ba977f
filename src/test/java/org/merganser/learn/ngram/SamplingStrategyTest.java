package org.merganser.learn.ngram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each strategy, shown on the distribution that it draws from and not on one draw. */
final class SamplingStrategyTest {
  private static final double[] GIVEN = {0.1, 0, 0.3, 0.05, 0.3, 0.25};

  private static double[] applied(SamplingStrategy strategy, int k, double temperature) {
    double[] distribution = GIVEN.clone();
    strategy.apply(distribution, k, temperature);
    assertThat(Arrays.stream(distribution).sum()).isEqualTo(1, within(1e-12));
    return distribution;
  }

  @Test
  void greedyTakesTheMostProbableAndOfEqualsTheSmallest() {
    assertThat(applied(SamplingStrategy.GREEDY, 40, 1)).containsExactly(0, 0, 1, 0, 0, 0);
  }

  @Test
  void randomLeavesTheDistributionAsItIs() {
    assertThat(applied(SamplingStrategy.RANDOM, 1, 0.1)).containsExactly(GIVEN);
  }

  @Test
  void topKNeverLeavesTheMostProbable() {
    assertThat(applied(SamplingStrategy.TOP_K, 1, 1)).containsExactly(0, 0, 1, 0, 0, 0);
    assertThat(applied(SamplingStrategy.TOP_K, 2, 1)).containsExactly(0, 0, 0.5, 0, 0.5, 0);
    double[] three = applied(SamplingStrategy.TOP_K, 3, 1);
    assertThat(three[2]).isEqualTo(0.3 / 0.85, within(1e-15));
    assertThat(IntStream.range(0, 6).filter(i -> three[i] > 0)).containsExactly(2, 4, 5);
    assertThat(applied(SamplingStrategy.TOP_K, 99, 1)).containsExactly(GIVEN, within(1e-15));
  }

  @Test
  void temperatureTowardsZeroBecomesGreedy() {
    double[] given = {0.1, 0, 0.3, 0.31};
    for (double temperature : new double[] {0, 1e-300, 1e-4, 1e-3}) {
      double[] cold = given.clone();
      SamplingStrategy.TEMPERATURE.apply(cold, 1, temperature);
      assertThat(cold)
          .as("%s", temperature)
          .containsExactly(new double[] {0, 0, 0, 1}, within(1e-9));
    }
  }

  @Test
  void temperatureRaisesProbabilitiesToItsInverse() {
    double[] half = applied(SamplingStrategy.TEMPERATURE, 1, 0.5);
    double squares = Arrays.stream(GIVEN).map(p -> p * p).sum();
    for (int i = 0; i < GIVEN.length; i++) {
      assertThat(half[i]).isEqualTo(GIVEN[i] * GIVEN[i] / squares, within(1e-12));
    }
    assertThat(applied(SamplingStrategy.TEMPERATURE, 1, 1)).containsExactly(GIVEN);
  }

  @Test
  void largeTemperatureBecomesUniformOverWhatIsPossible() {
    assertThat(applied(SamplingStrategy.TEMPERATURE, 1, 1e9))
        .containsExactly(new double[] {0.2, 0, 0.2, 0.2, 0.2, 0.2}, within(1e-8));
  }

  /** Pearson's chi-square over 10,000 draws from a learned model, at a level of one in 10,000. */
  @ParameterizedTest
  @EnumSource(SamplingStrategy.class)
  void drawsAsTheDistributionSays(SamplingStrategy strategy) {
    long seed = 20_260_101L + strategy.ordinal();
    System.out.println("seed " + seed);
    NgramShape shape = new NgramShape(3, 40, 0);
    List<int[]> documents = Ngrams.documents(new Random(seed), 40, 300, 0);
    NgramModel model = Ngrams.learn(shape, documents, Long.MAX_VALUE, 4, 10_000).model();
    double[] distribution = new double[shape.symbols()];
    model.distribution(new int[] {shape.begin(), 3}, 0, 2, distribution);
    strategy.apply(distribution, 8, 0.7);

    int draws = 10_000;
    long[] drawn = new long[distribution.length];
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < draws; i++) {
      drawn[SamplingStrategy.draw(distribution, random)]++;
    }
    double chiSquare = 0;
    int cells = 0;
    double smallExpected = 0;
    long smallDrawn = 0;
    for (int i = 0; i < drawn.length; i++) {
      double expected = draws * distribution[i];
      if (expected == 0) {
        assertThat(drawn[i]).isZero();
      } else if (expected < 5) {
        smallExpected += expected;
        smallDrawn += drawn[i];
      } else {
        chiSquare += (drawn[i] - expected) * (drawn[i] - expected) / expected;
        cells++;
      }
    }
    if (smallExpected >= 5) {
      chiSquare += (smallDrawn - smallExpected) * (smallDrawn - smallExpected) / smallExpected;
      cells++;
    }
    assertThat(chiSquare).isLessThanOrEqualTo(critical(cells - 1));
    if (strategy != SamplingStrategy.GREEDY) {
      assertThat(cells).isGreaterThan(5);
    }
  }

  /** The 0.9999 quantile by Wilson and Hilferty (1931). */
  private static double critical(int freedom) {
    if (freedom == 0) {
      return 0;
    }
    double a = 2.0 / (9 * freedom);
    return freedom * Math.pow(1 - a + 3.719 * Math.sqrt(a), 3);
  }

  @Test
  void theGeneratorIsSplitMix64() {
    // The first outputs of the reference implementation for seed 1234567.
    SplittableRandom random = new SplittableRandom(1234567);
    assertThat(random.nextLong()).isEqualTo(6457827717110365317L);
    assertThat(random.nextLong()).isEqualTo(3203168211198807973L);
    assertThat(random.nextLong()).isEqualTo(Long.parseUnsignedLong("9817491932198370423"));
  }
}
