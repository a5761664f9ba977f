package org.merganser.pipeline.measure;

import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;
import org.merganser.pipeline.engine.ToOneWorker;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.ShardSet;
import org.merganser.pipeline.step.Broadcast;
import org.merganser.pipeline.step.RunSpec;
import org.merganser.pipeline.step.Stage;
import org.merganser.pipeline.step.StepFn;

/**
 * Measures a sample of bounded size on one worker, which makes statistics.json from the sample and
 * the receipts of all units. The output is the location of its receipt.
 */
public final class MeasureCorpus {
  private MeasureCorpus() {}

  public static PTransform<PCollection<ShardSet>, PCollection<String>> of(
      RunSpec spec, Broadcast<FileRef> tokenizer) {
    return PTransform.compose(
        (PCollection<ShardSet> shards) ->
            shards
                .apply(
                    "FindSample",
                    StepFn.of(
                        spec,
                        Stage.MEASURE,
                        (run, context) -> new UnitSample(run),
                        UnitSample::find))
                .setCoder(StringUtf8Coder.of())
                .apply("AllUnits", new ToOneWorker())
                .apply(
                    "WriteStatistics",
                    StepFn.of(
                        spec,
                        Stage.MEASURE,
                        (run, context) -> new StatisticsPublication(run, tokenizer.get(context)),
                        StatisticsPublication::publish,
                        tokenizer))
                .setCoder(StringUtf8Coder.of()));
  }
}
