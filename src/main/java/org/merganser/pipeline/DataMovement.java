package org.merganser.pipeline;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.util.SerializableUtils;
import org.apache.beam.sdk.util.construction.PipelineTranslation;
import org.merganser.json.Json;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.OutputLayout;
import org.merganser.pipeline.step.Stage;
import org.merganser.pipeline.step.StageReport;
import org.merganser.pipeline.step.WorkerReport;
import org.merganser.store.FileStore;

/**
 * What a run moved and held, by stage, from its workers' reports: {@code run/movement.json}.
 *
 * @param jobGraphBytes of the pipeline as Beam serializes it for an engine: nothing of the plan is
 *     in it; 0 of a run in one process, which hands it to nobody
 * @param sideInputBytes of the tokenizer's reference, which every worker gets; the tokenizer itself
 *     is a file
 * @param workers JVMs that did something
 * @param threads of all workers that worked at one time, at most of each
 * @param tokenizersReadByWorker files a worker read, at most
 */
record DataMovement(
    long jobGraphBytes,
    long sideInputBytes,
    int workers,
    int threads,
    long tokenizersReadByWorker,
    long tokenizerBytesByWorker,
    long tablesOpenedByWorker,
    Map<String, StageTotals> stages) {

  /**
   * A stage over all workers; the heap is that of the worker that needed most. Busy seconds are
   * added up over threads; seconds are by the clock from beginning to end, and stages overlap.
   */
  record StageTotals(
      int workers,
      long units,
      long unitsThere,
      long documents,
      long bytes,
      long tokens,
      long shuffledBytes,
      long heapPeakBytes,
      double busySeconds,
      double seconds) {}

  /** The size of a pipeline as it goes to an engine. */
  static long graphBytes(Pipeline pipeline) {
    return PipelineTranslation.toProto(pipeline).getSerializedSize();
  }

  static DataMovement of(List<WorkerReport> reports, long jobGraphBytes) {
    Map<String, StageTotals> stages = new LinkedHashMap<>();
    for (Stage stage : Stage.values()) {
      StageTotals totals = totals(stage.label(), reports);
      if (totals.workers > 0) {
        stages.put(stage.label(), totals);
      }
    }
    return new DataMovement(
        jobGraphBytes,
        SerializableUtils.serializeToByteArray(new FileRef("", "0".repeat(64))).length,
        reports.size(),
        reports.stream().mapToInt(WorkerReport::threads).sum(),
        reports.stream().mapToLong(WorkerReport::tokenizersRead).max().orElse(0),
        reports.stream().mapToLong(WorkerReport::tokenizerBytes).max().orElse(0),
        reports.stream().mapToLong(WorkerReport::tablesOpened).max().orElse(0),
        stages);
  }

  private static StageTotals totals(String stage, List<WorkerReport> reports) {
    int workers = 0;
    StageReport sum = StageReport.NOTHING;
    for (WorkerReport report : reports) {
      StageReport part = report.stages().get(stage);
      if (part != null) {
        workers++;
        sum = sum.plus(part);
      }
    }
    return new StageTotals(
        workers,
        sum.units(),
        sum.unitsThere(),
        sum.documents(),
        sum.bytes(),
        sum.tokens(),
        sum.shuffledBytes(),
        sum.heapPeakBytes(),
        sum.busyMillis() / 1e3,
        workers == 0 ? 0 : (sum.end() - sum.begin()) / 1e3);
  }

  void publish(OutputLayout layout) throws IOException {
    String location = layout.at(layout.movement());
    byte[] json = Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(this);
    FileStore.of(location).publish(location, out -> out.write(json));
  }
}
