package org.merganser;

import java.util.Random;

/**
 * The seed of a random test, printed so that a failure can be repeated. It is the same in every run
 * unless {@code -Dmerganser.seed=N} gives another one, or {@code -Dmerganser.seed=random}, as the
 * soak profile says, draws a new one for each test.
 */
public final class Seeds {
  private static final long DEFAULT = 20_261_124L;

  private Seeds() {}

  /** The seed for one test. */
  public static long next() {
    String given = System.getProperty("merganser.seed", "");
    long seed =
        given.isEmpty()
            ? DEFAULT
            : given.equals("random") ? new Random().nextLong() : Long.parseLong(given);
    System.out.println("seed " + seed);
    return seed;
  }
}
