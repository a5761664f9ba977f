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
  private final RunSpec spec;
  private final String plan;

  /**
   * @param plan location of the plan file
   */
  public PlanUnits(RunSpec spec, String plan) {
    this.spec = spec;
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
                    StepFn.<String, T, WorkUnit>many(
                        spec,
                        null,
                        (run, context) -> from,
                        (location, element, out) -> PlanFile.read(location, out)))
                .setCoder(SerializableCoder.of(WorkUnit.class)));
  }
}
