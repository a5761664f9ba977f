package org.merganser.cli.job;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.merganser.pipeline.step.Stage;

/**
 * How much of a whole run is done, and how long the rest will take if it goes on as it went. What
 * the stages cost beside each other is estimated: {@link #COSTS} has rough seconds of each on a
 * machine with two cores. A run's own time tells how much faster or slower this one is.
 *
 * @param share from 0 to 1; the work of earlier runs is not counted
 * @param secondsLeft empty while too little is done to tell
 */
record RunForecast(double share, OptionalDouble secondsLeft) {
  /** Before this much of a run is done nothing is said about the rest. */
  private static final double LEAST_SHARE = 0.02;

  private static final double LEAST_SECONDS = 2;

  /** Seconds for a run of any size, and for each megabyte of text. */
  private record Cost(double fixed, double eachMegabyte) {}

  private static final Map<Stage, Cost> COSTS = new EnumMap<>(Stage.class);

  static {
    COSTS.put(Stage.DEDUPLICATE, new Cost(0, 0.006));
    COSTS.put(Stage.CHOOSE, new Cost(0, 0.006));
    COSTS.put(Stage.COUNT, new Cost(0.2, 0.016));
    COSTS.put(Stage.LEARN_WORDS, new Cost(2.5, 0.003));
    COSTS.put(Stage.COUNT_WORD_PAIRS, new Cost(0.2, 0.04));
    COSTS.put(Stage.COUNT_WORD_RUNS, new Cost(0.2, 0.03));
    COSTS.put(Stage.LEARN, new Cost(1.5, 0.0005));
    COSTS.put(Stage.ENCODE, new Cost(0.2, 0.016));
    COSTS.put(Stage.PACK, new Cost(0, 0.005));
    COSTS.put(Stage.SHUFFLE, new Cost(0, 0.010));
    COSTS.put(Stage.CONVERT, new Cost(0, 0.004));
    COSTS.put(Stage.COUNT_NGRAMS, new Cost(0.1, 0.05));
    COSTS.put(Stage.LEARN_NGRAMS, new Cost(0.5, 0.05));
    COSTS.put(Stage.COUNT_PAIRS, new Cost(0.1, 0.05));
    COSTS.put(Stage.LEARN_VECTORS, new Cost(3, 0.02));
    COSTS.put(Stage.JOIN, new Cost(0.1, 0.006));
    COSTS.put(Stage.MEASURE, new Cost(1, 0));
    COSTS.put(Stage.MANIFEST, new Cost(0.2, 0));
  }

  /** Encoding in a run that counts before: most of the time it does not read the text again. */
  private static final Cost ENCODE_AFTER_COUNT = new Cost(0.2, 0.010);

  /**
   * @param stages all that the run has
   * @param textBytes that it reads, about
   * @param seconds since it began
   */
  static RunForecast of(List<StageProgress> stages, long textBytes, double seconds) {
    boolean counts = stages.stream().anyMatch(progress -> progress.stage() == Stage.COUNT);
    double all = 0;
    double done = 0;
    for (StageProgress progress : stages) {
      Cost cost =
          counts && progress.stage() == Stage.ENCODE
              ? ENCODE_AFTER_COUNT
              : COSTS.getOrDefault(progress.stage(), new Cost(0, 0));
      double whole = cost.fixed + cost.eachMegabyte * textBytes / 1e6;
      double there = Math.min(progress.share(), progress.shareThere());
      all += whole * (1 - there);
      done += whole * (progress.share() - there);
    }
    double share = all <= 0 ? 0 : done / all;
    return new RunForecast(
        share,
        share < LEAST_SHARE || seconds < LEAST_SECONDS
            ? OptionalDouble.empty()
            : OptionalDouble.of(seconds * (1 - share) / share));
  }
}
