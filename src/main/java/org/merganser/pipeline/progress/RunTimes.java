package org.merganser.pipeline.progress;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.merganser.json.Json;
import org.merganser.pipeline.output.FileLocations;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.finished.OutputJson;
import org.merganser.pipeline.spec.Stage;
import org.merganser.store.ChecksummedFile;

/**
 * The times of the last run that finished in a folder, saved in {@code run/times.json}.
 *
 * @param began by the clock, ISO 8601, UTC
 * @param seconds by the clock, from locking the folder to the manifest
 * @param stages those that have begun, in the order of a run
 */
public record RunTimes(String began, double seconds, List<StageTime> stages) {
  /**
   * The times of a stage.
   *
   * @param stage its name in progress lines
   * @param busySeconds of threads on this stage and on no other, summed over threads
   * @param seconds by the clock, from its beginning to its end; stages overlap
   * @param bytes of text that the stage has read
   */
  public record StageTime(String stage, double busySeconds, double seconds, long bytes) {}

  /**
   * The times of a run.
   *
   * @param began when the run began
   * @param seconds since then
   * @param figures those of each stage
   */
  public static RunTimes of(Instant began, double seconds, Map<Stage, StageFigures> figures) {
    List<StageTime> stages = new ArrayList<>();
    figures.forEach(
        (stage, ofStage) -> {
          if (ofStage.started()) {
            stages.add(
                new StageTime(
                    stage.label(),
                    ofStage.busySeconds(),
                    ofStage.seconds(),
                    ofStage.get(StageFigures.Figure.TEXT_BYTES)));
          }
        });
    return new RunTimes(began.toString(), seconds, stages);
  }

  /** Saves the times in the output folder. */
  public void publish(FileLocations paths) throws IOException {
    ChecksummedFile.publish(paths.at(OutputPaths.TIMES), Json.MAPPER.writeValueAsBytes(this));
  }

  /** The saved times; null if no run has finished, or if the file is damaged. */
  public static @Nullable RunTimes find(FileLocations paths) throws IOException {
    return OutputJson.record(paths, OutputPaths.TIMES, RunTimes.class);
  }
}
