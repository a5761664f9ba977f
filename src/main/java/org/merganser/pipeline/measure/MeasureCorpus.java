package org.merganser.pipeline.measure;

import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.ShardSet;
import org.merganser.pipeline.step.Broadcast;
import org.merganser.pipeline.step.RunSpec;
import org.merganser.pipeline.step.Stage;
import org.merganser.pipeline.step.StepFn;
import org.merganser.pipeline.step.ToOneWorker;

/**
 * Measures a sample of bounded size on one worker, which makes statistics.json from it and from the
 * receipts of all units; the location of its receipt is handed on.
 */
public final class MeasureCorpus extends PTransform<PCollection<ShardSet>, PCollection<String>> {
  private final RunSpec spec;
  private final Broadcast<FileRef> tokenizer;

  public MeasureCorpus(RunSpec spec, Broadcast<FileRef> tokenizer) {
    this.spec = spec;
    this.tokenizer = tokenizer;
  }

  @Override
  public PCollection<String> expand(PCollection<ShardSet> shards) {
    Broadcast<FileRef> of = tokenizer; // the steps hold this, not this transform
    return shards
        .apply(
            "FindSample",
            StepFn.of(
                spec,
                Stage.MEASURE,
                (run, context) -> new UnitSample(run, of.get(context)),
                UnitSample::find,
                of))
        .setCoder(StringUtf8Coder.of())
        .apply("AllUnits", new ToOneWorker())
        .apply(
            "WriteStatistics",
            StepFn.of(
                spec,
                Stage.MEASURE,
                (run, context) -> new StatisticsPublication(run, of.get(context)),
                StatisticsPublication::publish,
                of))
        .setCoder(StringUtf8Coder.of());
  }
}
