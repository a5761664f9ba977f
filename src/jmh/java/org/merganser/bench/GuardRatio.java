package org.merganser.bench;

import java.util.List;
import java.util.Locale;

/**
 * One ratio that {@code bench guard} watches, in rounds: what another program costs over what ours
 * costs, or our speed over its speed. More is better.
 */
record GuardRatio(String name, List<Double> rounds) {
  /** The share of the recorded ratio that must be reached. */
  static final double LEAST = 0.95;

  GuardRatio {
    rounds = List.copyOf(rounds);
    if (rounds.isEmpty()) {
      throw new IllegalArgumentException(name + ": no round was measured");
    }
  }

  /** What the rounds say of a ratio that was recorded. */
  enum Verdict {
    /** The median reaches it. */
    HOLDS,
    /** The median is below, but a round reached it: other work of the machine may be the reason. */
    UNSURE,
    /** No round reached it. */
    BELOW
  }

  double median() {
    return Meter.median(rounds.stream().mapToDouble(Double::doubleValue).toArray());
  }

  /** How far the round that is farthest from the median is from it, as a share of the median. */
  double noise() {
    double median = median();
    return rounds.stream().mapToDouble(round -> Math.abs(round - median)).max().orElseThrow()
        / median;
  }

  Verdict verdict(double recorded) {
    double least = LEAST * recorded;
    if (median() >= least) {
      return Verdict.HOLDS;
    }
    return rounds.stream().anyMatch(round -> round >= least) ? Verdict.UNSURE : Verdict.BELOW;
  }

  /**
   * A row of the table: after all rounds, a median that is below is red, whatever single rounds
   * say.
   */
  String row(double recorded) {
    return String.format(
        Locale.ROOT,
        "| %s | %.2f | %.2f | %.0f %% | %.0f %% of %d rounds | %s |",
        name,
        recorded,
        median(),
        100 * median() / recorded,
        100 * noise(),
        rounds.size(),
        verdict(recorded) == Verdict.HOLDS ? "holds" : "RED");
  }
}
