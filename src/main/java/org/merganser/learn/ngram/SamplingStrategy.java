package org.merganser.learn.ngram;

import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;

/** How the next symbol is chosen from a distribution of an {@link NgramModel}. */
public enum SamplingStrategy {
  /** The most probable symbol, of equals the smallest. */
  GREEDY,
  /** A draw from the distribution. */
  RANDOM,
  /**
   * A draw from the k most probable symbols, of equals the smallest, as for {@link #TEMPERATURE}.
   */
  TOP_K,
  /**
   * A draw after raising every probability to 1 / temperature: greedy near 0, uniform near
   * infinity.
   */
  TEMPERATURE;

  /** The spelling in options and JSON, such as {@code top-k}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * Changes a distribution, in place, to the one from which {@link #draw} then draws.
   *
   * @param k the number of symbols to draw from, for {@link #TOP_K}
   * @param temperature not negative, for {@link #TEMPERATURE} and {@link #TOP_K}; 0 is greedy
   */
  public void apply(double[] distribution, int k, double temperature) {
    if (k < 1 || !(temperature >= 0)) {
      throw new IllegalArgumentException("k " + k + ", temperature " + temperature);
    }
    switch (this) {
      case GREEDY -> keepBest(distribution, 1);
      case RANDOM -> {}
      case TOP_K -> {
        keepBest(distribution, k);
        applyTemperature(distribution, temperature);
      }
      case TEMPERATURE -> applyTemperature(distribution, temperature);
    }
  }

  /**
   * Draws a symbol from a distribution that sums to about 1; those of probability 0 are never
   * drawn.
   *
   * @return the symbol; -1 if all probabilities are 0
   */
  public static int draw(double[] distribution, SplittableRandom random) {
    double remaining = random.nextDouble();
    int last = -1;
    for (int i = 0; i < distribution.length; i++) {
      if (distribution[i] > 0) {
        remaining -= distribution[i];
        last = i;
        if (remaining < 0) {
          return i;
        }
      }
    }
    return last; // the sum is below 1 by rounding, and the draw is in the difference
  }

  /** Keeps the k most probable symbols, and scales their probabilities to the sum 1. */
  private static void keepBest(double[] distribution, int k) {
    int[] best = NgramModel.mostProbable(distribution, k);
    double[] kept = new double[best.length];
    double sum = 0;
    for (int i = 0; i < best.length; i++) {
      kept[i] = distribution[best[i]];
      sum += kept[i];
    }
    Arrays.fill(distribution, 0);
    for (int i = 0; i < best.length; i++) {
      distribution[best[i]] = kept[i] / sum;
    }
  }

  /**
   * Raises every probability to 1 / temperature, and scales them to the sum 1. They are divided by
   * the largest one before, so that this one becomes 1 and no result is out of range.
   */
  private static void applyTemperature(double[] distribution, double temperature) {
    if (temperature == 0) {
      keepBest(distribution, 1);
      return;
    }
    if (temperature == 1) {
      return;
    }
    double largest = Arrays.stream(distribution).max().orElse(0);
    double sum = 0;
    for (int i = 0; i < distribution.length; i++) {
      if (distribution[i] > 0) {
        distribution[i] = StrictMath.exp(StrictMath.log(distribution[i] / largest) / temperature);
        sum += distribution[i];
      }
    }
    for (int i = 0; i < distribution.length; i++) {
      distribution[i] /= sum;
    }
  }
}
