package org.merganser.pipeline.progress;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.merganser.json.Json;
import org.merganser.output.OutputFile;
import org.merganser.pipeline.output.FileLocations;
import org.merganser.pipeline.output.HostName;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.spec.Stage;
import org.merganser.store.FileStore;

/**
 * The meters of the stages of a run, in this JVM. The output folder identifies the run, since a
 * folder has one run at a time.
 *
 * <p>The JVM that leads the run, its driver, creates the state and keeps it registered from {@link
 * #begin} to {@link #close}. A worker's JVM creates a state with its first step and keeps it, some
 * tens of kilobytes and the names of its units, until the JVM ends: no message informs it of the
 * end of the run.
 */
public final class RunProgress implements Closeable {
  /** A worker reports this often, if its steps allow it. */
  private static final long EVERY_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** The registered states by output folder. */
  private static final Map<String, RunProgress> RUNS = new ConcurrentHashMap<>();

  /** Folders of runs that this JVM leads or has led; it never reports as a worker of these runs. */
  private static final Set<String> LED = ConcurrentHashMap.newKeySet();

  private final FileLocations paths;

  /** Whether this JVM is a worker's, which reports to the driver of the run. */
  private final boolean isWorker;

  private final Map<Stage, StageMeter> meters = new EnumMap<>(Stage.class);

  /** When the next report is due, by {@link System#nanoTime}. */
  private final AtomicLong nextReport = new AtomicLong(System.nanoTime());

  private RunProgress(FileLocations paths, boolean isWorker) {
    this.paths = paths;
    this.isWorker = isWorker;
    for (Stage stage : Stage.values()) {
      meters.put(stage, new StageMeter(this::publishIfDue));
    }
  }

  /** A state with all meters at zero, for the JVM that leads the run into these paths. */
  public static RunProgress ofDriver(FileLocations paths) {
    boolean isWorker = false;
    return new RunProgress(paths, isWorker);
  }

  private static RunProgress ofWorker(FileLocations paths) {
    boolean isWorker = true;
    return new RunProgress(paths, isWorker);
  }

  /** Registers this state: from now on the steps of the run in this JVM use it. */
  public RunProgress begin() {
    LED.add(paths.root());
    RUNS.put(paths.root(), this);
    return this;
  }

  /** Ends the registration. */
  @Override
  public void close() {
    RUNS.remove(paths.root(), this);
  }

  /**
   * The state of the run that writes into a folder, for a step of it in this JVM. A late step,
   * which works after its driver has ended the run, receives a state that nobody reads.
   */
  public static RunProgress of(FileLocations paths) {
    RunProgress registered = RUNS.get(paths.root());
    if (registered != null) {
      return registered;
    }
    return LED.contains(paths.root())
        ? ofDriver(paths)
        : RUNS.computeIfAbsent(paths.root(), root -> ofWorker(paths));
  }

  /** The meter of a stage of the run that writes into a folder, for a step in this JVM. */
  public static StageMeter meter(FileLocations paths, Stage stage) {
    return of(paths).meter(stage);
  }

  /** The paths of the run. */
  FileLocations paths() {
    return paths;
  }

  /** The meter of a stage of this run. */
  public StageMeter meter(Stage stage) {
    return Objects.requireNonNull(meters.get(stage));
  }

  /** The figures of each stage that is planned or has begun, in the order of stages. */
  public Map<Stage, StageFigures> figures() {
    Map<Stage, StageFigures> figures = new EnumMap<>(Stage.class);
    meters.forEach(
        (stage, meter) -> {
          StageFigures ofStage = meter.figures();
          if (ofStage.started() || ofStage.get(StageFigures.Figure.UNITS_PLANNED) > 0) {
            figures.put(stage, ofStage);
          }
        });
    return figures;
  }

  /** Replaces this worker's report file; does nothing in the JVM that leads the run. */
  public void publish() throws IOException {
    if (isWorker) {
      String report = OutputFile.WORKER.path(HostName.get(), ProcessHandle.current().pid());
      FileStore.publish(paths.at(report), Json.MAPPER.writeValueAsBytes(figures()));
    }
  }

  /**
   * Replaces this worker's file if that is due, so that progress is shown during a bundle of hours.
   * If it is not due, this costs one comparison.
   *
   * @param now by {@link System#nanoTime}
   */
  void publishIfDue(long now) {
    long due = nextReport.get();
    boolean isDue = isWorker && now - due >= 0;
    if (!isDue || !nextReport.compareAndSet(due, now + EVERY_NANOS)) {
      return; // or another thread reports
    }
    try {
      publish();
    } catch (IOException e) {
      throw new UncheckedIOException(
          paths.at(OutputPaths.WORKERS) + ": this worker cannot report: " + e.getMessage(), e);
    }
  }
}
