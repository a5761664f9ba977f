package org.merganser.pipeline.step;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.merganser.json.Json;
import org.merganser.pipeline.output.HostName;
import org.merganser.pipeline.output.OutputLayout;
import org.merganser.store.FileStore;
import org.merganser.verify.OwnFiles;

/**
 * What one worker (a JVM) did of a run, as it says itself in a file of {@code run/workers}: for
 * progress and for the account of what moved. Attempts that were repeated count again, and a worker
 * that was killed leaves what it last wrote.
 *
 * @param worker host and process
 * @param tokenizersRead files of tokenizers read since the JVM began, whatever the run
 * @param tablesOpened embedding tables opened since the JVM began
 * @param maxHeap bytes the JVM may use
 * @param threads that worked on the run at one time, at most
 */
public record WorkerReport(
    String worker,
    long tokenizersRead,
    long tokenizerBytes,
    long tablesOpened,
    long maxHeap,
    int threads,
    Map<String, StageReport> stages) {

  private static final LongAdder TOKENIZERS_READ = new LongAdder();
  private static final LongAdder TOKENIZER_BYTES = new LongAdder();
  private static final LongAdder TABLES_OPENED = new LongAdder();

  /** This JVM has read a tokenizer's file, for whatever run. */
  static void tokenizerRead(long bytes) {
    TOKENIZERS_READ.increment();
    TOKENIZER_BYTES.add(bytes);
  }

  /** This JVM has opened an embedding table, for whatever run. */
  static void tableOpened() {
    TABLES_OPENED.increment();
  }

  /** What this JVM did of a run so far. */
  static WorkerReport of(RunState run) {
    Map<String, StageReport> stages = new LinkedHashMap<>();
    for (Stage stage : Stage.values()) {
      if (run.meter(stage).startedHere()) {
        stages.put(stage.label(), run.meter(stage).here());
      }
    }
    return new WorkerReport(
        name(),
        TOKENIZERS_READ.sum(),
        TOKENIZER_BYTES.sum(),
        TABLES_OPENED.sum(),
        Runtime.getRuntime().maxMemory(),
        run.mostThreads(),
        stages);
  }

  private static String name() {
    return HostName.get() + "-" + ProcessHandle.current().pid();
  }

  boolean isOfThisJvm() {
    return worker.equals(name());
  }

  /** Replaces this worker's file. */
  void publish(OutputLayout layout) throws IOException {
    String location = layout.at(layout.workers() + "/" + worker + ".json");
    byte[] json = Json.MAPPER.writeValueAsBytes(this);
    FileStore.of(location).publish(location, out -> out.write(json));
  }

  /** The reports of every worker so far. */
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

  /** Deletes the reports of an earlier run, when another begins. */
  public static void deleteAll(OutputLayout layout) throws IOException {
    FileStore store = FileStore.of(layout.root());
    for (String path : OwnFiles.list(layout.root(), layout.workers())) {
      store.delete(layout.at(path));
    }
  }
}
