package org.merganser.embedding;

import java.util.SplittableRandom;

/**
 * Seeded numbers of the standard normal distribution, the same on every machine: the generator is
 * the JDK's SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators",
 * 2014), of which two outputs become a pair of numbers by Box and Muller (1958) in {@link
 * StrictMath}.
 */
public final class NormalRandom {
  private final SplittableRandom random;

  /** The second number of the last pair, until it is used. */
  private double spare;

  private boolean hasSpare;

  /** Starts the sequence of a seed. */
  public NormalRandom(long seed) {
    this.random = new SplittableRandom(seed);
  }

  /** The next number. */
  public double next() {
    if (hasSpare) {
      hasSpare = false;
      return spare;
    }
    // In (0, 1], so that its logarithm is finite.
    double u = ((random.nextLong() >>> 11) + 1) * 0x1p-53;
    double angle = 2 * StrictMath.PI * random.nextDouble();
    double radius = StrictMath.sqrt(-2 * StrictMath.log(u));
    spare = radius * StrictMath.sin(angle);
    hasSpare = true;
    return radius * StrictMath.cos(angle);
  }

  /**
   * The next number times a standard deviation, as the nearest value of a type.
   *
   * @throws EmbeddingException if the product is too large for the type
   */
  public float next(double std, FloatType type) {
    double value = std * next();
    float nearest = type.nearest(value);
    if (!Float.isFinite(nearest)) {
      throw new EmbeddingException(
          "std is %s, and a random value of %s is too large for %s; take a smaller std"
              .formatted(std, value, type));
    }
    return nearest;
  }
}
