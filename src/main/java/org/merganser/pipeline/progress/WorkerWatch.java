package org.merganser.pipeline.progress;

import com.fasterxml.jackson.core.type.TypeReference;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.beam.sdk.Pipeline;
import org.merganser.json.Json;
import org.merganser.output.OutputFile;
import org.merganser.output.OutputListing;
import org.merganser.pipeline.engine.PipelineExecution;
import org.merganser.pipeline.engine.RunnerFlags;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.version.OutputCleaning;
import org.merganser.pipeline.spec.Stage;
import org.merganser.store.FileStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the reports of workers in {@code run/workers} while an engine executes the run, so that the
 * {@link StageMeter}s of the driver include the work of other JVMs. The reports are used only for
 * progress: an unreadable report causes one warning, and the run continues. {@link #deleteReports}
 * is called before the run begins.
 */
public final class WorkerWatch implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(WorkerWatch.class);

  /** The content of a report. */
  private static final TypeReference<Map<Stage, StageFigures>> REPORT = new TypeReference<>() {};

  /** The reports are read this often. */
  private static final Duration EVERY = Duration.ofSeconds(5);

  /** The time without a worker that has begun before a warning. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final RunProgress run;
  private final Consumer<String> warnings;
  private final Duration every;

  /**
   * The readings until the warning that no worker has begun; 0 after it, and once a worker has
   * begun.
   */
  private long readingsUntilWarning;

  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread;

  /** Whether the warning about unreadable reports was given. */
  private boolean warned;

  private WorkerWatch(
      RunProgress run, Consumer<String> warnings, Duration every, Duration patience) {
    this.run = run;
    this.warnings = warnings;
    this.every = every;
    this.readingsUntilWarning = patience.dividedBy(every);
    this.thread = new Thread(this::watch, "merganser-workers");
    thread.setDaemon(true);
  }

  /**
   * Runs a pipeline of the run to its end. An engine's workers are other JVMs, whose reports are
   * read meanwhile; the direct runner's workers are threads of this JVM.
   *
   * @param flags of Beam and its runner
   * @param warnings receives a message if no worker has begun for two minutes
   */
  public static void await(
      Pipeline pipeline, List<String> flags, RunProgress run, Consumer<String> warnings) {
    if (RunnerFlags.runsHere(flags)) {
      PipelineExecution.run(pipeline);
      return;
    }
    WorkerWatch watch = start(run, warnings, EVERY, PATIENCE);
    try (watch) {
      PipelineExecution.run(pipeline);
    }
  }

  /** Begins to watch a run in a thread of its own, until the close. */
  static WorkerWatch start(
      RunProgress run, Consumer<String> warnings, Duration every, Duration patience) {
    WorkerWatch watch = new WorkerWatch(run, warnings, every, patience);
    watch.thread.start();
    return watch;
  }

  private void watch() {
    try {
      while (!closed.await(every.toMillis(), TimeUnit.MILLISECONDS)) {
        try {
          warnUnlessBegun(readReports(run));
        } catch (IOException e) {
          warnOnce(e);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the run is ending
    }
  }

  /** Warns if no worker has begun: an engine that cannot begin usually waits without a message. */
  private void warnUnlessBegun(boolean begun) {
    if (begun) {
      readingsUntilWarning = 0;
    }
    if (readingsUntilWarning == 0) {
      return;
    }
    readingsUntilWarning--;
    if (readingsUntilWarning == 0) {
      warnings.accept(
          ("no worker has begun yet. The cluster may be busy or too small; or its workers are of"
                  + " another version than this build is for, and then they wait for ever; or they"
                  + " cannot write into %s. See the engine's web page and the workers' logs"
                  + " (docs/clusters.md)")
              .formatted(run.paths().at(OutputPaths.WORKERS)));
    }
  }

  /** Warns once that reports cannot be read. */
  private void warnOnce(IOException e) {
    if (!warned) {
      warned = true;
      LOG.warn("progress is not updated: reports of workers cannot be read now ({})", e.toString());
    }
  }

  /** Updates the meters from all reports; returns whether a worker or this JVM has begun. */
  static boolean readReports(RunProgress run) throws IOException {
    Map<Stage, StageFigures> sum = new EnumMap<>(Stage.class);
    FileStore store = FileStore.of(run.paths().root());
    for (String path : OutputListing.list(run.paths().root(), OutputPaths.WORKERS)) {
      if (OutputFile.of(path) == OutputFile.WORKER) {
        Json.MAPPER
            .readValue(store.readAll(run.paths().at(path)), REPORT)
            .forEach((stage, figures) -> sum.merge(stage, figures, StageFigures::plus));
      }
    }
    sum.forEach((stage, figures) -> run.meter(stage).setElsewhere(figures));
    return run.figures().values().stream().anyMatch(StageFigures::started);
  }

  /** Deletes the reports of an earlier run when another run begins. */
  public static void deleteReports(OutputPaths paths) throws IOException {
    new OutputCleaning(paths).delete(OutputListing.list(paths.root(), OutputPaths.WORKERS));
  }

  /** Stops the thread, and reads the reports once more. */
  @Override
  public void close() {
    closed.countDown();
    try {
      thread.join();
      readReports(run);
    } catch (IOException e) {
      warnOnce(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
