package org.merganser;

import java.util.Random;

/**
 * The seeds of random tests, and how many cases they draw. A seed is printed, so that a failure can
 * be repeated. It is the same in every run, unless {@code -Dmerganser.seed=N} sets another one, or
 * {@code -Dmerganser.seed=random}, which the soak profile sets, draws a new one for each test.
 */
public final class Seeds {
  private static final long DEFAULT = 20_261_124L;

  private Seeds() {}

  /**
   * How many random cases a test draws: a twelfth of {@code most}, unless {@code -Dmerganser.cases}
   * says otherwise.
   *
   * <ul>
   *   <li>{@code quarter}, which {@code .ci/run} sets: a quarter
   *   <li>{@code all}, which the profile conformance sets: all of them
   *   <li>{@code many}, which the profile soak sets: sixty times as many
   *   <li>{@code few}, which the profile mutation sets, since it runs each test for many changes of
   *       the code: one in eighty
   * </ul>
   *
   * The cases of a smaller number are the first ones of a larger number.
   */
  public static int cases(int most) {
    String cases = System.getProperty("merganser.cases", "");
    return switch (cases) {
      case "" -> Math.max(1, most / 12);
      case "quarter" -> Math.max(1, most / 4);
      case "all" -> most;
      case "many" -> 60 * most;
      case "few" -> Math.max(1, most / 80);
      default -> throw new IllegalArgumentException("-Dmerganser.cases=" + cases);
    };
  }

  /** Whether tests draw every case that they know; with many, they go through every character. */
  public static boolean allCases() {
    return manyCases() || System.getProperty("merganser.cases", "").equals("all");
  }

  /** Whether tests draw sixty times as many cases. */
  public static boolean manyCases() {
    return System.getProperty("merganser.cases", "").equals("many");
  }

  /** The seed for one test. */
  public static long next() {
    String given = System.getProperty("merganser.seed", "");
    long seed = seed(given);
    System.out.println("seed " + seed);
    return seed;
  }

  private static long seed(String given) {
    if (given.isEmpty()) {
      return DEFAULT;
    }
    return given.equals("random") ? new Random().nextLong() : Long.parseLong(given);
  }
}
