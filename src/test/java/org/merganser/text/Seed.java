package org.merganser.text;

/** The seed of the randomised tests of this package: -Dmerganser.seed, else one for each run. */
final class Seed {
  private Seed() {}

  static long next() {
    long seed = Long.getLong("merganser.seed", System.nanoTime());
    System.out.println("seed " + seed);
    return seed;
  }
}
