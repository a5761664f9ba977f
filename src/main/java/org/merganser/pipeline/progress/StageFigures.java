package org.merganser.pipeline.progress;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/**
 * The figures of a stage, from one worker or from all workers, for progress and times. Units are
 * counted once even if an engine repeats its steps on another worker. Repeated attempts are counted
 * again in all other figures, so outside {@code run/} only the times in report.html depend on them.
 *
 * @param figures all except those of units, which follow from {@code planned} and {@code units}
 * @param planned the number of units by the name of the step that found them
 * @param units the complete units by name: 1 for a unit of this run, 0 for one of an earlier run
 */
public record StageFigures(
    Map<Figure, Long> figures, Map<String, Long> planned, Map<String, Long> units) {
  /** What is counted or measured of a stage. */
  public enum Figure {
    /** Units that this run has completed. */
    UNITS_DONE,
    /** Units that were complete before this run. */
    UNITS_SKIPPED,
    /** All units of the stage that are known so far, with those that the stage skips. */
    UNITS_PLANNED,
    /** Documents that the stage has read. */
    DOCUMENTS,
    /**
     * Bytes of text that the stage has read; of stages before the count, the stored bytes of files.
     */
    TEXT_BYTES,
    /** Ids that the stage has produced; for a stage that learns merges, merges. */
    TOKENS,
    /** The estimated bytes of text that the stage reads; 0 if unknown. */
    TEXT_PLANNED,
    /** The maximum of tokens, or merges, that the stage produces; 0 if unknown. */
    TOKENS_PLANNED,
    /** The time that threads have worked for the stage, added up over the threads. */
    BUSY_NANOS,
    /** Threads that work for the stage now. */
    THREADS,
    /** The first beginning, in milliseconds of the epoch; missing before the stage begins. */
    BEGIN,
    /**
     * The last end of work, or now, in milliseconds of the epoch; missing before {@link #BEGIN}.
     */
    END;

    /** The value of the figure for two workers together. */
    private long plus(long one, long other) {
      return switch (this) {
        case BEGIN -> Math.min(one, other);
        case END -> Math.max(one, other);
        case UNITS_DONE, UNITS_SKIPPED, UNITS_PLANNED -> one + other;
        case DOCUMENTS, TEXT_BYTES, TOKENS -> one + other;
        case TEXT_PLANNED, TOKENS_PLANNED -> one + other;
        case BUSY_NANOS, THREADS -> one + other;
      };
    }
  }

  /** The figures of a stage that has not begun. */
  public static final StageFigures NOTHING = new StageFigures(Map.of(), Map.of(), Map.of());

  /** The largest share that text and tokens alone can show. */
  private static final double MAX_WORK_SHARE = 0.99;

  /**
   * The remaining time is estimated after this many seconds, if the stage has {@link #MIN_SHARE}.
   */
  private static final double MIN_SECONDS = 5;

  /** The remaining time is estimated if this share of the stage is done. */
  private static final double MIN_SHARE = 0.05;

  /** The value of a figure; 0 if it is missing. */
  public long get(Figure figure) {
    return switch (figure) {
      case UNITS_DONE -> sum(units);
      case UNITS_SKIPPED -> units.size() - sum(units);
      case UNITS_PLANNED -> sum(planned);
      default -> figures.getOrDefault(figure, 0L);
    };
  }

  /** The figures of two workers, or of two sets of workers, together. */
  StageFigures plus(StageFigures other) {
    Map<Figure, Long> sum = new EnumMap<>(Figure.class);
    sum.putAll(figures);
    other.figures.forEach((figure, value) -> sum.merge(figure, value, figure::plus));
    return new StageFigures(sum, highest(planned, other.planned), highest(units, other.units));
  }

  /** Whether the stage has begun. */
  public boolean started() {
    return figures.containsKey(Figure.BEGIN);
  }

  /** Whether the stage has begun and has no work left. */
  public boolean finished() {
    return started() && unitsComplete() >= get(Figure.UNITS_PLANNED) && get(Figure.THREADS) == 0;
  }

  /** The units that need no more work: those of this run and those that it skips. */
  public long unitsComplete() {
    return units.size();
  }

  /**
   * The share of the stage that is done, from 0 to 1: the largest of the shares of its units, its
   * text and its tokens. Text and tokens count up to 0.99, since 1 requires that every unit is
   * complete.
   */
  public double share() {
    long allUnits = Math.max(1, get(Figure.UNITS_PLANNED));
    double ofUnits = Math.min(1, unitsComplete() / (double) allUnits);
    double ofWork =
        Math.max(
            ratio(Figure.TEXT_BYTES, Figure.TEXT_PLANNED),
            ratio(Figure.TOKENS, Figure.TOKENS_PLANNED));
    return Math.max(ofUnits, Math.min(MAX_WORK_SHARE, ofWork));
  }

  /**
   * The estimated remaining seconds at the same speed; -1 if unknown, or if none remain. A stage
   * that skips units has no estimate, since they take no time.
   */
  public double secondsLeft() {
    double share = share();
    boolean isSteady =
        get(Figure.UNITS_SKIPPED) == 0 && seconds() >= MIN_SECONDS && share >= MIN_SHARE;
    return isSteady && share < 1 ? seconds() * (1 - share) / share : -1;
  }

  /** {@link Figure#BUSY_NANOS} in seconds. */
  public double busySeconds() {
    return get(Figure.BUSY_NANOS) / 1e9;
  }

  /** The seconds from the beginning to the last end of work; 0 before the stage begins. */
  public double seconds() {
    return (get(Figure.END) - get(Figure.BEGIN)) / 1e3;
  }

  /** The share of planned work that is done; 0 if none was planned. */
  private double ratio(Figure done, Figure all) {
    return get(all) == 0 ? 0 : get(done) / (double) get(all);
  }

  private static long sum(Map<String, Long> numbers) {
    return numbers.values().stream().mapToLong(Long::longValue).sum();
  }

  /** The larger number of each name. */
  private static Map<String, Long> highest(Map<String, Long> one, Map<String, Long> other) {
    Map<String, Long> highest = new HashMap<>(one);
    other.forEach((name, number) -> highest.merge(name, number, Math::max));
    return highest;
  }
}
