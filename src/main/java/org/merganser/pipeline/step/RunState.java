package org.merganser.pipeline.step;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.merganser.pipeline.output.OutputLayout;

/**
 * What this JVM keeps of a run that it takes part in: the meters of the stages, and the
 * specification as the steps carry it. Its output folder names the run, since a folder has one run
 * at a time.
 *
 * <p>The JVM that leads the run, its driver, makes the state and keeps it registered from {@link
 * #begin} to {@link #close}. A worker's JVM makes one with the first step that it gets, and keeps
 * it, some tens of kilobytes, until it ends: nobody tells it that the run is over.
 */
public final class RunState implements Closeable {
  /** How often a worker that is at work replaces its file. */
  private static final long EVERY_NANOS = TimeUnit.SECONDS.toNanos(10);

  private static final Map<String, RunState> RUNS = new ConcurrentHashMap<>();

  /** Folders of runs that this JVM leads or has led: of those it is no worker, also afterwards. */
  private static final Set<String> LED = ConcurrentHashMap.newKeySet();

  private final OutputLayout layout;
  private final boolean worker;
  private final Map<Stage, StageMeter> meters = new EnumMap<>(Stage.class);
  private final AtomicInteger threads = new AtomicInteger();
  private final AtomicInteger mostThreads = new AtomicInteger();
  private final AtomicLong nextReport = new AtomicLong(System.nanoTime());
  private @Nullable SerializedSpec spec;

  private RunState(OutputLayout layout, boolean worker) {
    this.layout = layout;
    this.worker = worker;
    for (Stage stage : Stage.values()) {
      meters.put(stage, new StageMeter(this));
    }
  }

  /**
   * The state of a run that this JVM leads, with its meters at zero.
   *
   * @param layout as the run's {@link RunSpec} has it
   */
  public static RunState ofDriver(OutputLayout layout) {
    return new RunState(layout, false);
  }

  /** From now on the steps of the run that work in this JVM find this state. */
  public RunState begin() {
    LED.add(layout.root());
    RUNS.put(layout.root(), this);
    return this;
  }

  /** The run is over. */
  @Override
  public void close() {
    RUNS.remove(layout.root(), this);
  }

  /**
   * The state of the run that writes into a folder, for a step of it that works in this JVM. A step
   * that is late, and works after its driver has ended the run, gets one that nobody looks at.
   */
  static RunState of(OutputLayout layout) {
    RunState known = RUNS.get(layout.root());
    if (known != null) {
      return known;
    }
    return LED.contains(layout.root())
        ? ofDriver(layout)
        : RUNS.computeIfAbsent(layout.root(), root -> new RunState(layout, true));
  }

  OutputLayout layout() {
    return layout;
  }

  public StageMeter meter(Stage stage) {
    return Objects.requireNonNull(meters.get(stage));
  }

  Collection<StageMeter> meters() {
    return meters.values();
  }

  /** A thread begins to work on the run, on whatever stage. */
  void threadBegins() {
    mostThreads.accumulateAndGet(threads.incrementAndGet(), Math::max);
  }

  void threadEnds() {
    threads.decrementAndGet();
  }

  /** Threads of this JVM that worked on the run at one time, at most. */
  int mostThreads() {
    return mostThreads.get();
  }

  /** The specification as steps carry it: serialized once for all of them. */
  synchronized SerializedSpec serialized(RunSpec run) {
    SerializedSpec known = spec;
    if (known == null || !known.spec().equals(run)) {
      known = new SerializedSpec(run);
      spec = known;
    }
    return known;
  }

  /** The specification as a step brought it: deserialized once for all of them. */
  synchronized SerializedSpec deserialized(SerializedSpec arrived) {
    SerializedSpec known = spec;
    if (known == null || !known.sameBytes(arrived)) {
      known = arrived.read();
      spec = known;
    }
    return known;
  }

  /** Replaces the file in which this JVM reports, once a stage of the run has begun in it. */
  public void publish() throws IOException {
    WorkerReport report = WorkerReport.of(this);
    if (!report.stages().isEmpty()) {
      report.publish(layout);
    }
  }

  /** As {@link #publish}; a driver reports only at the end what its own steps did. */
  void publishFromWorker() throws IOException {
    if (worker) {
      publish();
    }
  }

  /**
   * Replaces this worker's file where that is due, so that progress shows while a bundle lasts for
   * hours: costs a comparison where it is not.
   *
   * @param now by {@link System#nanoTime}
   */
  void publishIfDue(long now) {
    long due = nextReport.get();
    if (worker && now - due >= 0 && nextReport.compareAndSet(due, now + EVERY_NANOS)) {
      try {
        publish();
      } catch (IOException e) {
        throw new UncheckedIOException(
            layout.at(layout.workers()) + ": this worker cannot report: " + e.getMessage(), e);
      }
    }
  }
}
