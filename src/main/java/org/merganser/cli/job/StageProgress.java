package org.merganser.cli.job;

import java.util.List;
import org.merganser.pipeline.MerganserRun;
import org.merganser.pipeline.step.Stage;
import org.merganser.pipeline.step.StageMeter;

/**
 * How far a stage of a run is.
 *
 * @param started whether it has begun
 * @param finished whether it has begun and has nothing left to do
 * @param threads that work on it now
 * @param share of its work that is done, from 0 to 1
 * @param bytes of text
 * @param tokens ids; merges of the stage that learns them
 * @param seconds by the clock
 */
record StageProgress(
    Stage stage,
    boolean started,
    boolean finished,
    int threads,
    double share,
    long documents,
    long bytes,
    long tokens,
    long unitsDone,
    long unitsSkipped,
    long unitsPlanned,
    double busySeconds,
    double seconds) {

  static StageProgress of(MerganserRun run, Stage stage) {
    StageMeter meter = run.meter(stage);
    return new StageProgress(
        stage,
        meter.started(),
        run.finished(stage),
        meter.atWork(),
        run.share(stage),
        meter.documents(),
        meter.bytes(),
        meter.tokens(),
        meter.unitsDone(),
        meter.unitsSkipped(),
        run.plannedUnits(stage),
        meter.busySeconds(),
        meter.seconds());
  }

  /** The mean share of the stages of a run, from 0 to 1. */
  static double mean(List<StageProgress> stages) {
    return stages.stream().mapToDouble(StageProgress::share).average().orElse(0);
  }
}
