package org.merganser.pipeline.train;

import java.util.List;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.step.RunSpec;
import org.merganser.pipeline.step.Stage;
import org.merganser.pipeline.step.StepFn;
import org.merganser.pipeline.step.ToOneWorker;

/** Learns merges from the merged counts on one worker and publishes the tokenizer's folder. */
public final class LearnTokenizer extends PTransform<PCollection<String>, PCollection<FileRef>> {
  private final RunSpec spec;

  public LearnTokenizer(RunSpec spec) {
    this.spec = spec;
  }

  @Override
  public PCollection<FileRef> expand(PCollection<String> mergedCounts) {
    PCollection<List<String>> all = mergedCounts.apply("AllPartitions", new ToOneWorker());
    return all.apply(
            "LearnMerges",
            StepFn.of(
                spec,
                Stage.LEARN,
                (run, context) -> new TokenizerLearner(run),
                TokenizerLearner::learn))
        .setCoder(SerializableCoder.of(FileRef.class));
  }
}
