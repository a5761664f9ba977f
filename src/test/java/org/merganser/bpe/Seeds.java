package org.merganser.bpe;

/** The seed of a randomised test, printed, and set by {@code -Dmerganser.seed}. */
public final class Seeds {
  private Seeds() {}

  public static long next() {
    long seed = Long.getLong("merganser.seed", System.nanoTime());
    System.out.println("seed " + seed);
    return seed;
  }
}
