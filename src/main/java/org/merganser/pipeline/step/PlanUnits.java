package org.merganser.pipeline.step;

import java.io.IOException;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
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
    return RunnerGraph.of(signal.getPipeline())
        .spread(
            "SpreadUnits",
            signal
                .apply("ReadPlan", ParDo.of(new ReadPlanFn<>(files, plan)))
                .setCoder(SerializableCoder.of(WorkUnit.class)));
  }

  private static final class ReadPlanFn<T> extends RunFilesFn<T, WorkUnit> {
    private final String plan;

    ReadPlanFn(RunFiles files, String plan) {
      super(files);
      this.plan = plan;
    }

    @ProcessElement
    public void read(OutputReceiver<WorkUnit> units) throws IOException {
      PlanFile.read(plan, units::output);
    }
  }
}
