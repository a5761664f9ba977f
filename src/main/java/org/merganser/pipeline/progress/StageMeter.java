package org.merganser.pipeline.progress;

import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.merganser.pipeline.progress.StageFigures.Figure;

/**
 * Measures a stage of a run: the work in this JVM, and the work that workers elsewhere report.
 * {@link StageFigures} estimates the time that is left.
 *
 * <p>A step holds a {@link ThreadWork} while its thread works on the stage. A runner that fuses
 * steps calls the next step within a step; that time belongs only to the inner step. So each
 * instant of a thread belongs to at most one stage, and the busy times of all stages together never
 * exceed the threads times the elapsed time.
 */
public final class StageMeter {
  /** The work of this thread that is not paused; null while the thread works on no stage. */
  private static final ThreadLocal<@Nullable ThreadWork> CURRENT = new ThreadLocal<>();

  /** The figures that are sums of what steps add. */
  private static final Set<Figure> COUNTED =
      Collections.unmodifiableSet(
          EnumSet.of(
              Figure.DOCUMENTS,
              Figure.TEXT_BYTES,
              Figure.TOKENS,
              Figure.TEXT_PLANNED,
              Figure.TOKENS_PLANNED,
              Figure.BUSY_NANOS));

  private final LongConsumer publishIfDue;

  /** The sums of this JVM, for each figure of {@link #COUNTED}. */
  private final Map<Figure, LongAdder> counts = new EnumMap<>(Figure.class);

  /** As {@link StageFigures#planned}. */
  private final Map<String, Long> planned = new ConcurrentHashMap<>();

  /** As {@link StageFigures#units}. */
  private final Map<String, Long> units = new ConcurrentHashMap<>();

  /** The work of all threads that is not paused. */
  private final Set<ThreadWork> atWork = ConcurrentHashMap.newKeySet();

  /** The first beginning of work, in milliseconds of the epoch; 0 before. */
  private final AtomicLong begin = new AtomicLong();

  /** The last end of work, in milliseconds of the epoch; 0 before. */
  private final AtomicLong end = new AtomicLong();

  /** The figures that other JVMs report. */
  private volatile StageFigures elsewhere = StageFigures.NOTHING;

  /**
   * @param publishIfDue is called often, with the time by {@link System#nanoTime}
   */
  StageMeter(LongConsumer publishIfDue) {
    this.publishIfDue = publishIfDue;
    for (Figure figure : COUNTED) {
      counts.put(figure, new LongAdder());
    }
  }

  /** Begins this thread's work on the stage; its work on another stage pauses until the close. */
  public ThreadWork begin() {
    long now = System.nanoTime();
    begin.compareAndSet(0, System.currentTimeMillis());
    ThreadWork work = new ThreadWork();
    if (work.outer != null) {
      work.outer.pause(now);
    }
    work.resume(now);
    publishIfDue.accept(now);
    return work;
  }

  /** Adds finished work: documents and bytes of text that were read, tokens that were produced. */
  public void add(long documents, long bytes, long tokens) {
    count(Figure.DOCUMENTS, documents);
    count(Figure.TEXT_BYTES, bytes);
    count(Figure.TOKENS, tokens);
    publishIfDue.accept(System.nanoTime());
  }

  /** Adds bytes that were read: {@link Figure#TEXT_BYTES}. */
  public void addBytes(long bytes) {
    add(0, bytes, 0);
  }

  /** Adds tokens, or merges, that were produced: {@link Figure#TOKENS}. */
  public void addTokens(long tokens) {
    add(0, 0, tokens);
  }

  /**
   * Counts a unit that this run has completed; repeated attempts count once.
   *
   * @param name of the unit in the stage, the same in each attempt
   */
  public void unitDone(String name) {
    units.put(name, 1L);
    publishIfDue.accept(System.nanoTime());
  }

  /** Counts a unit that was already done, unless this run has done it. */
  public void unitSkipped(String name) {
    units.putIfAbsent(name, 0L);
    publishIfDue.accept(System.nanoTime());
  }

  /**
   * Adds newly found units to the planned units; repeated attempts add them once.
   *
   * @param name of the step that found them, the same in each attempt
   * @param found how many; negative to remove units that another step has found; 0 does nothing
   */
  public void findUnits(String name, long found) {
    if (found != 0) {
      planned.put(name, found);
    }
  }

  /** Adds the estimated bytes of text that the stage reads. */
  public void planText(long bytes) {
    count(Figure.TEXT_PLANNED, bytes);
  }

  /** Adds to the maximum of tokens, or merges, that the stage produces. */
  public void planTokens(long tokens) {
    count(Figure.TOKENS_PLANNED, tokens);
  }

  /** Replaces the sum of the figures that workers in other JVMs report for this stage. */
  void setElsewhere(StageFigures sum) {
    elsewhere = sum;
  }

  /** The figures of all JVMs, as far as they have reported. */
  public StageFigures figures() {
    return here().plus(elsewhere);
  }

  /** The figures of this JVM, with the time until now of work that has not ended. */
  StageFigures here() {
    long now = System.nanoTime();
    Map<Figure, Long> figures = new EnumMap<>(Figure.class);
    counts.forEach((figure, count) -> figures.put(figure, count.sum()));
    for (ThreadWork work : atWork) {
      figures.merge(Figure.BUSY_NANOS, Math.max(0, now - work.since), Long::sum);
      figures.merge(Figure.THREADS, 1L, Long::sum);
    }
    if (begin.get() > 0) {
      figures.put(Figure.BEGIN, begin.get());
      long last = atWork.isEmpty() ? end.get() : System.currentTimeMillis();
      figures.put(Figure.END, Math.max(begin.get(), last));
    }
    return new StageFigures(figures, planned, units);
  }

  private void count(Figure figure, long more) {
    Objects.requireNonNull(counts.get(figure)).add(more);
  }

  /** A thread's work on a stage; the same thread must close it. */
  public final class ThreadWork implements AutoCloseable {
    /** The work of this thread that waits until the close; null for none. */
    private final @Nullable ThreadWork outer = CURRENT.get();

    /** When this work began or was resumed, by {@link System#nanoTime}. */
    private volatile long since;

    private ThreadWork() {}

    private void resume(long now) {
      since = now;
      atWork.add(this);
      CURRENT.set(this);
    }

    private void pause(long now) {
      atWork.remove(this);
      count(Figure.BUSY_NANOS, now - since);
      end.accumulateAndGet(System.currentTimeMillis(), Math::max);
    }

    @Override
    public void close() {
      long now = System.nanoTime();
      pause(now);
      if (outer == null) {
        CURRENT.remove();
      } else {
        outer.resume(now);
      }
      publishIfDue.accept(now);
    }
  }
}
