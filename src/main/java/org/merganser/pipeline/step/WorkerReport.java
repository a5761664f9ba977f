package org.merganser.pipeline.step;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.merganser.json.Json;
import org.merganser.pipeline.output.HostName;
import org.merganser.pipeline.output.OutputLayout;
import org.merganser.pipeline.output.OwnFiles;
import org.merganser.store.FileStore;

/**
 * What one worker (a JVM) did of a run, as it says itself in a file of {@code run/workers}: for
 * progress and for the account of what moved. Attempts that were repeated count again, and a worker
 * that was killed leaves what it last wrote.
 *
 * @param worker host and process
 * @param tokenizersRead files of tokenizers read since the JVM began, whatever the run
 * @param tablesOpened embedding tables opened since the JVM began
 * @param maxHeap bytes the JVM may use
 */
public record WorkerReport(
    String worker,
    long tokenizersRead,
    long tokenizerBytes,
    long tablesOpened,
    long maxHeap,
    Map<String, StageReport> stages) {

  /** How often a worker that is at work replaces its file. */
  private static final long EVERY_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** Where this worker reports; null on a driver, and before the first step is set up. */
  private static final AtomicReference<@Nullable OutputLayout> TARGET = new AtomicReference<>();

  private static final AtomicLong NEXT = new AtomicLong();

  /** Whether this JVM is a driver, which reports at the end of its run what it did itself. */
  private static volatile boolean driver;

  /** This JVM, as it is now. */
  static WorkerReport now() {
    Map<String, StageReport> stages = new LinkedHashMap<>();
    for (Stage stage : Stage.values()) {
      StageMeter meter = StageMeter.of(stage);
      if (meter.startedHere()) {
        stages.put(stage.label(), meter.here());
      }
    }
    return new WorkerReport(
        name(),
        WorkerTokenizers.read(),
        WorkerTokenizers.bytesRead(),
        WorkerTables.opened(),
        Runtime.getRuntime().maxMemory(),
        stages);
  }

  private static String name() {
    return HostName.get() + "-" + ProcessHandle.current().pid();
  }

  boolean isOfThisJvm() {
    return worker.equals(name());
  }

  /** Replaces this worker's file. */
  public static void publish(OutputLayout layout) throws IOException {
    WorkerReport report = now();
    if (report.stages.isEmpty()) {
      return;
    }
    String location = layout.at(layout.workers() + "/" + report.worker + ".json");
    byte[] json = Json.MAPPER.writeValueAsBytes(report);
    FileStore.of(location).publish(location, out -> out.write(json));
  }

  /** As {@link #publish}, where this JVM is no driver. */
  public static void publishFromWorker(OutputLayout layout) throws IOException {
    if (!driver) {
      publish(layout);
    }
  }

  /**
   * Steps of a run begin in this JVM: where it is no driver, it reports from now on, at signs of
   * work, so that progress shows while a bundle lasts for hours.
   */
  public static void reportInto(OutputLayout layout) {
    if (!driver && !layout.equals(TARGET.getAndSet(layout))) {
      NEXT.set(System.nanoTime());
    }
  }

  /**
   * Replaces this worker's file where that is due: costs a comparison where it is not.
   *
   * @param now by {@link System#nanoTime}
   */
  static void publishIfDue(long now) {
    OutputLayout layout = TARGET.get();
    long due = NEXT.get();
    if (layout != null && now - due >= 0 && NEXT.compareAndSet(due, now + EVERY_NANOS)) {
      try {
        publish(layout);
      } catch (IOException e) {
        throw new UncheckedIOException(
            layout.at(layout.workers()) + ": this worker cannot report: " + e.getMessage(), e);
      }
    }
  }

  /** Of every worker so far. */
  public static List<WorkerReport> all(OutputLayout layout) throws IOException {
    List<WorkerReport> reports = new ArrayList<>();
    String folder = layout.at(layout.workers());
    FileStore store = FileStore.of(folder);
    if (store.exists(folder)) {
      for (FileStore.Entry entry : store.listFolder(folder)) {
        if (!FileStore.isTemporary(entry.location())) {
          reports.add(Json.MAPPER.readValue(store.readAll(entry.location()), WorkerReport.class));
        }
      }
    }
    return reports;
  }

  /** This JVM leads a run: what its own steps do is its own to report. */
  public static void beDriver() {
    driver = true;
    TARGET.set(null);
  }

  /** A run begins with this JVM as its driver: forgets the workers of earlier ones. */
  public static void begin(OutputLayout layout) throws IOException {
    beDriver();
    FileStore store = FileStore.of(layout.root());
    for (String path : OwnFiles.list(layout, layout.workers())) {
      store.delete(layout.at(path));
    }
  }
}
