package org.merganser.pipeline.encode;

import java.util.List;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.transforms.Impulse;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.merganser.pipeline.engine.RunnerGraph;
import org.merganser.pipeline.output.FinishedOutput;
import org.merganser.pipeline.output.OutputLayout;
import org.merganser.pipeline.output.ShardSet;
import org.merganser.pipeline.step.RunSpec;
import org.merganser.pipeline.step.StepFn;

/** Finds the canonical shards of earlier runs in their lists of outputs, a unit a set. */
public final class FindShards extends PTransform<PBegin, PCollection<ShardSet>> {
  private final RunSpec spec;
  private final List<OutputLayout> earlier;

  /**
   * @param spec of the run that goes on from the earlier ones
   */
  public FindShards(RunSpec spec, List<OutputLayout> earlier) {
    this.spec = spec;
    this.earlier = earlier;
  }

  @Override
  public PCollection<ShardSet> expand(PBegin begin) {
    List<OutputLayout> runs = earlier; // the step holds these, not this transform
    return RunnerGraph.of(begin.getPipeline())
        .spread(
            "SpreadShards",
            begin
                .apply("Impulse", Impulse.create())
                .apply(
                    "ReadOutputs",
                    StepFn.<List<OutputLayout>, byte[], ShardSet>many(
                        spec,
                        null,
                        (run, context) -> runs,
                        (from, impulse, out) -> FinishedOutput.shards(from).forEach(out)))
                .setCoder(SerializableCoder.of(ShardSet.class)));
  }
}
