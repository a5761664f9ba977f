package org.merganser.pipeline.train;

import java.io.IOException;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.merganser.corpus.plan.PlanFile;
import org.merganser.corpus.plan.UnitGroups;
import org.merganser.pipeline.engine.RunnerGraph;
import org.merganser.pipeline.step.RunFn;
import org.merganser.pipeline.step.RunSpec;
import org.merganser.pipeline.step.TokenizerSource;

/**
 * Gathers the work units of a plan file into counting units and spreads them over the workers, once
 * for each element of its input.
 */
public final class PlanCounting<T> extends PTransform<PCollection<T>, PCollection<CountingUnit>> {
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
  public PCollection<CountingUnit> expand(PCollection<T> signal) {
    return RunnerGraph.of(signal.getPipeline())
        .spread(
            "SpreadUnits",
            signal
                .apply("GroupUnits", ParDo.of(new GroupUnitsFn<T>(spec, text)))
                .setCoder(SerializableCoder.of(CountingUnit.class)));
  }

  private static final class GroupUnitsFn<T> extends RunFn<T, CountingUnit> {
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
