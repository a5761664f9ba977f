package org.merganser.learn;

/**
 * The generator SplitMix64 (Steele, Lea and Flood 2014, "Fast splittable pseudorandom number
 * generators"): a seed gives the same numbers on every machine and JDK.
 */
public final class SplitMix64 {
  private long state;

  public SplitMix64(long seed) {
    this.state = seed;
  }

  public long nextLong() {
    state += 0x9E3779B97F4A7C15L;
    long z = state;
    z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
    z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
    return z ^ z >>> 31;
  }

  /** Uniform in [0, 1), in steps of 2^-53. */
  public double nextDouble() {
    return (nextLong() >>> 11) * 0x1p-53;
  }

  /** A standard normal value, by Box and Muller (1958); one of each pair is used. */
  public double nextGaussian() {
    double u = ((nextLong() >>> 11) + 1) * 0x1p-53; // (0, 1]: its logarithm is finite
    return StrictMath.sqrt(-2 * StrictMath.log(u))
        * StrictMath.cos(2 * StrictMath.PI * nextDouble());
  }
}
