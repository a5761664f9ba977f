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

  /**
   * How many random cases a test draws: a quarter of {@code most}; all of them with {@code
   * -Dmerganser.cases=all}, as the profile conformance says; sixty times as many with {@code many},
   * as the soak profile says; one in eighty with {@code few}, as the profile mutation says, which
   * runs each test for many changes of the code.
   */
  public static int cases(int most) {
    if (System.getProperty("merganser.cases", "").equals("few")) {
      return Math.max(1, most / 80);
    }
    return manyCases() ? 60 * most : allCases() ? most : most / 4;
  }

  /** Whether tests draw every case that they know; with many, they go through every character. */
  public static boolean allCases() {
    return manyCases() || System.getProperty("merganser.cases", "").equals("all");
  }

  public static boolean manyCases() {
    return System.getProperty("merganser.cases", "").equals("many");
  }

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
