package org.merganser.pipeline;

import java.io.IOException;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.merganser.corpus.PlanFile;
import org.merganser.corpus.WorkUnit;

/** Reads the work units of a plan file and spreads them over the workers. */
final class PlanUnits extends PTransform<PBegin, PCollection<WorkUnit>> {
  private final RunFiles files;
  private final String plan;

  private PlanUnits(RunFiles files, String plan) {
    this.files = files;
    this.plan = plan;
  }

  static PlanUnits from(RunFiles files, String plan) {
    return new PlanUnits(files, plan);
  }

  @Override
  public PCollection<WorkUnit> expand(PBegin begin) {
    return begin
        .apply("PlanFile", Create.of(plan))
        .apply("ReadPlan", ParDo.of(new ReadPlanFn(files)))
        .setCoder(SerializableCoder.of(WorkUnit.class))
        .apply("SpreadUnits", Reshuffle.viaRandomKey());
  }

  private static final class ReadPlanFn extends WorkerFn<String, WorkUnit> {
    ReadPlanFn(RunFiles files) {
      super(files);
    }

    @ProcessElement
    public void read(@Element String plan, OutputReceiver<WorkUnit> units) throws IOException {
      PlanFile.read(plan, units::output);
    }
  }
}
