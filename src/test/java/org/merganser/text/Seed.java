package org.merganser.text;

/** The seed of the randomised tests of this package: -Dmerganser.seed, else one for each run. */
public final class Seed {
  private Seed() {}

  public static long next() {
    long seed = Long.getLong("merganser.seed", System.nanoTime());
    System.out.println("seed " + seed);
    return seed;
  }
}
