package org.merganser.pipeline.train;

import java.io.IOException;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.transforms.Impulse;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.merganser.corpus.plan.PlanFile;
import org.merganser.corpus.plan.UnitGroups;
import org.merganser.pipeline.step.RunFn;
import org.merganser.pipeline.step.RunSpec;
import org.merganser.pipeline.step.SpreadOverWorkers;

/** Gathers the work units of a plan file into counting units and spreads them over the workers. */
public final class PlanCounting extends PTransform<PBegin, PCollection<CountingUnit>> {
  private final RunSpec spec;
  private final String plan;
  private final int threads;

  private PlanCounting(RunSpec spec, String plan, int threads) {
    this.spec = spec;
    this.plan = plan;
    this.threads = threads;
  }

  /**
   * @param plan location of the plan file
   * @param threads of the direct runner; 1 of other runners
   */
  public static PlanCounting of(RunSpec spec, String plan, int threads) {
    return new PlanCounting(spec, plan, threads);
  }

  @Override
  public PCollection<CountingUnit> expand(PBegin begin) {
    return SpreadOverWorkers.over(
        threads,
        begin
            .apply("Impulse", Impulse.create())
            .apply("GroupUnits", ParDo.of(new GroupUnitsFn(spec, plan)))
            .setCoder(SerializableCoder.of(CountingUnit.class)));
  }

  private static final class GroupUnitsFn extends RunFn<byte[], CountingUnit> {
    private final String plan;

    GroupUnitsFn(RunSpec spec, String plan) {
      super(spec);
      this.plan = plan;
    }

    @ProcessElement
    public void group(OutputReceiver<CountingUnit> out) throws IOException {
      UnitGroups groups =
          new UnitGroups(
              spec.counting().targetBytes(), units -> out.output(new CountingUnit(units)));
      PlanFile.read(plan, groups::add);
      groups.end();
    }
  }
}
