package org.merganser.pipeline.step;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.EnumMap;
import java.util.Map;

/**
 * What was done of a stage, by one worker or by all of them: its figures, for progress and times.
 * Nothing that a run writes outside {@code run/} comes from here: what an attempt that was repeated
 * did counts again.
 */
public record StageAccount(@JsonValue Map<Figure, Long> figures) {
  /** What is counted of a stage. */
  public enum Figure {
    UNITS_DONE,
    /** Units that are there already. */
    UNITS_SKIPPED,
    /** Units that the stage goes through, as far as is known; those that it skips among them. */
    UNITS_PLANNED,
    DOCUMENTS,
    TEXT_BYTES,
    /** Ids; of a stage that learns merges, merges. */
    TOKENS,
    /** That threads worked on this stage and on no other, added up over threads. */
    BUSY_NANOS,
    /** Threads that work on the stage now. */
    THREADS,
    /** The first beginning, in milliseconds of the epoch; missing before. */
    BEGIN,
    /**
     * The last end of work, or now, in milliseconds of the epoch; missing before {@link #BEGIN}.
     */
    END;

    private long plus(long one, long other) {
      return switch (this) {
        case BEGIN -> Math.min(one, other);
        case END -> Math.max(one, other);
        default -> one + other;
      };
    }
  }

  /** Of a stage that has not begun. */
  public static final StageAccount NOTHING = new StageAccount(Map.of());

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public StageAccount {}

  public long get(Figure figure) {
    return figures.getOrDefault(figure, 0L);
  }

  /** Both together. */
  StageAccount plus(StageAccount other) {
    Map<Figure, Long> sum = new EnumMap<>(Figure.class);
    sum.putAll(figures);
    other.figures.forEach((figure, value) -> sum.merge(figure, value, figure::plus));
    return new StageAccount(sum);
  }

  public boolean started() {
    return figures.containsKey(Figure.BEGIN);
  }

  /** Whether the stage has begun and has nothing left to do. */
  public boolean finished() {
    return started() && done() >= get(Figure.UNITS_PLANNED) && get(Figure.THREADS) == 0;
  }

  /** Units that are done or were there. */
  public long done() {
    return get(Figure.UNITS_DONE) + get(Figure.UNITS_SKIPPED);
  }

  /** The share of the units that is done, from 0 to 1. */
  public double share() {
    return Math.min(1, done() / (double) Math.max(1, get(Figure.UNITS_PLANNED)));
  }

  public double busySeconds() {
    return get(Figure.BUSY_NANOS) / 1e9;
  }

  /** By the clock, from the beginning to the last end of work; 0 before. */
  public double seconds() {
    return (get(Figure.END) - get(Figure.BEGIN)) / 1e3;
  }
}
