package org.merganser.pipeline.step;

import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;
import org.merganser.corpus.WorkUnit;
import org.merganser.corpus.plan.PlanFile;
import org.merganser.pipeline.engine.RunnerGraph;

/**
 * Reads the work units of a plan file, when its one input is there, and spreads them over the
 * workers.
 */
public final class PlanUnits<T> extends PTransform<PCollection<T>, PCollection<WorkUnit>> {
  private final RunFiles files;
  private final String plan;

  /**
   * @param plan location of the plan file
   */
  public PlanUnits(RunFiles files, String plan) {
    this.files = files;
    this.plan = plan;
  }

  @Override
  public PCollection<WorkUnit> expand(PCollection<T> signal) {
    String from = plan; // the step holds this, not this transform
    return RunnerGraph.of(signal.getPipeline())
        .spread(
            "SpreadUnits",
            signal
                .apply(
                    "ReadPlan",
                    FilesFn.<T, WorkUnit>of(
                        files, null, (element, context, out) -> PlanFile.read(from, out)))
                .setCoder(SerializableCoder.of(WorkUnit.class)));
  }
}
