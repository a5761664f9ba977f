package org.merganser.pipeline;

import java.io.IOException;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.transforms.Impulse;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.merganser.corpus.PlanFile;
import org.merganser.corpus.WorkUnit;

/** Reads the work units of a plan file and spreads them over the workers. */
final class PlanUnits extends PTransform<PBegin, PCollection<WorkUnit>> {
  private final RunFiles files;
  private final String plan;
  private final int threads;

  private PlanUnits(RunFiles files, String plan, int threads) {
    this.files = files;
    this.plan = plan;
    this.threads = threads;
  }

  /**
   * @param plan location of the plan file
   * @param threads of the direct runner; 1 of other runners
   */
  static PlanUnits from(RunFiles files, String plan, int threads) {
    return new PlanUnits(files, plan, threads);
  }

  @Override
  public PCollection<WorkUnit> expand(PBegin begin) {
    return SpreadOverWorkers.over(
        threads,
        begin
            .apply("Impulse", Impulse.create())
            .apply("ReadPlan", ParDo.of(new ReadPlanFn(files, plan)))
            .setCoder(SerializableCoder.of(WorkUnit.class)));
  }

  private static final class ReadPlanFn extends FilesFn<byte[], WorkUnit> {
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
