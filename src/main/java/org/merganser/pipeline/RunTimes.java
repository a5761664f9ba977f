package org.merganser.pipeline;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.merganser.json.Json;
import org.merganser.pipeline.output.OutputLayout;
import org.merganser.store.CheckedFile;

/**
 * How long a run took, as {@code run/times.json} keeps it.
 *
 * @param began by the clock, ISO 8601, UTC
 * @param seconds by the clock, from taking the folder to the manifest
 * @param threads that worked on the run at one time, at most, over all workers
 * @param unitsDone by this run, in all stages
 * @param unitsKept that an earlier run had done, which may have been cut short
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record RunTimes(
    String began,
    double seconds,
    int threads,
    long unitsDone,
    long unitsKept,
    List<StageTime> stages) {

  /**
   * Of a stage.
   *
   * @param stage as progress names it
   * @param busySeconds that threads worked on it and on no other stage, added up over threads; all
   *     stages together have at most {@code threads} times {@code seconds} of the run
   * @param seconds by the clock, from its beginning to its end; stages overlap
   * @param bytes of text
   */
  public record StageTime(String stage, double busySeconds, double seconds, long bytes) {}

  /**
   * What the file holds.
   *
   * @param last the last run that finished in the folder
   * @param before the run that made what the last one kept; null where that kept nothing, or where
   *     none finished before it
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  record Kept(RunTimes last, @Nullable RunTimes before) {}

  static RunTimes of(Instant began, double seconds, DataMovement movement) {
    List<StageTime> stages = new ArrayList<>();
    long done = 0;
    long kept = 0;
    for (Map.Entry<String, DataMovement.StageTotals> stage : movement.stages().entrySet()) {
      DataMovement.StageTotals totals = stage.getValue();
      stages.add(
          new StageTime(stage.getKey(), totals.busySeconds(), totals.seconds(), totals.bytes()));
      done += totals.units();
      kept += totals.unitsThere();
    }
    return new RunTimes(began.toString(), seconds, movement.threads(), done, kept, stages);
  }

  /** Keeps the times of a run that has finished, and those of the run whose files it kept. */
  void publish(OutputLayout layout) throws IOException {
    Kept earlier = find(layout);
    RunTimes before = null;
    if (earlier != null && unitsKept > 0) {
      before = earlier.last();
      RunTimes original = earlier.before();
      if (original != null && original.unitsDone() > before.unitsDone()) {
        before = original;
      }
    }
    CheckedFile.publish(
        layout.at(layout.times()), Json.MAPPER.writeValueAsBytes(new Kept(this, before)));
  }

  /** Null where no run has finished, or the file is not as it was written. */
  static @Nullable Kept find(OutputLayout layout) throws IOException {
    byte[] json = CheckedFile.find(layout.at(layout.times()));
    try {
      return json == null ? null : Json.MAPPER.readValue(json, Kept.class);
    } catch (JsonProcessingException ofAnotherVersion) {
      return null;
    }
  }
}
