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
import org.merganser.pipeline.step.FilesFn;
import org.merganser.pipeline.step.RunFiles;

/** Finds the canonical shards of earlier runs in their lists of outputs, a unit a set. */
public final class FindShards extends PTransform<PBegin, PCollection<ShardSet>> {
  private final RunFiles files;
  private final List<OutputLayout> earlier;

  /**
   * @param files of the run that goes on from the earlier ones
   */
  public FindShards(RunFiles files, List<OutputLayout> earlier) {
    this.files = files;
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
                    FilesFn.<byte[], ShardSet>of(
                        files,
                        null,
                        (impulse, context, out) -> FinishedOutput.shards(runs).forEach(out)))
                .setCoder(SerializableCoder.of(ShardSet.class)));
  }
}
