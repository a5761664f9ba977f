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
import org.merganser.pipeline.engine.RunnerGraph;
import org.merganser.pipeline.step.RunFn;
import org.merganser.pipeline.step.RunSpec;
import org.merganser.pipeline.step.TokenizerSource;

/** Gathers the work units of a plan file into counting units and spreads them over the workers. */
public final class PlanCounting extends PTransform<PBegin, PCollection<CountingUnit>> {
  private final RunSpec spec;
  private final TokenizerSource.FromText text;

  /**
   * @param text what is counted
   */
  public PlanCounting(RunSpec spec, TokenizerSource.FromText text) {
    this.spec = spec;
    this.text = text;
  }

  @Override
  public PCollection<CountingUnit> expand(PBegin begin) {
    return RunnerGraph.of(begin.getPipeline())
        .spread(
            "SpreadUnits",
            begin
                .apply("Impulse", Impulse.create())
                .apply("GroupUnits", ParDo.of(new GroupUnitsFn(spec, text)))
                .setCoder(SerializableCoder.of(CountingUnit.class)));
  }

  private static final class GroupUnitsFn extends RunFn<byte[], CountingUnit> {
    private final TokenizerSource.FromText text;

    GroupUnitsFn(RunSpec spec, TokenizerSource.FromText text) {
      super(spec);
      this.text = text;
    }

    @ProcessElement
    public void group(OutputReceiver<CountingUnit> out) throws IOException {
      UnitGroups groups =
          new UnitGroups(
              text.counting().targetBytes(), units -> out.output(new CountingUnit(units)));
      PlanFile.read(text.plan(), groups::add);
      groups.end();
    }
  }
}
