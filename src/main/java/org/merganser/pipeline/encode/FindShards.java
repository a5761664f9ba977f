package org.merganser.pipeline.encode;

import java.io.IOException;
import java.util.List;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.transforms.Impulse;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.merganser.pipeline.engine.RunnerGraph;
import org.merganser.pipeline.output.FinishedOutput;
import org.merganser.pipeline.output.OutputLayout;
import org.merganser.pipeline.output.ShardSet;
import org.merganser.pipeline.step.RunFiles;
import org.merganser.pipeline.step.RunFilesFn;

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
    return RunnerGraph.of(begin.getPipeline())
        .spread(
            "SpreadShards",
            begin
                .apply("Impulse", Impulse.create())
                .apply("ReadOutputs", ParDo.of(new ReadOutputsFn(files, earlier)))
                .setCoder(SerializableCoder.of(ShardSet.class)));
  }

  private static final class ReadOutputsFn extends RunFilesFn<byte[], ShardSet> {
    private final List<OutputLayout> earlier;

    ReadOutputsFn(RunFiles files, List<OutputLayout> earlier) {
      super(files);
      this.earlier = earlier;
    }

    @ProcessElement
    public void read(OutputReceiver<ShardSet> out) throws IOException {
      FinishedOutput.shards(earlier).forEach(out::output);
    }
  }
}
