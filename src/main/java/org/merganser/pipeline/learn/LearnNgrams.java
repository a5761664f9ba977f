package org.merganser.pipeline.learn;

import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;
import org.merganser.learn.ngram.NgramCounter;
import org.merganser.learn.ngram.NgramShape;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.ShardSet;
import org.merganser.pipeline.step.Broadcast;
import org.merganser.pipeline.step.RunSpec;
import org.merganser.pipeline.step.Stage;
import org.merganser.pipeline.step.StepFn;

/**
 * Learns an n-gram model from the canonical shards. Workers count the n-grams; one worker estimates
 * the model from the merged tables. The output is the location of its receipt.
 */
public final class LearnNgrams {
  private LearnNgrams() {}

  public static PTransform<PCollection<ShardSet>, PCollection<String>> of(
      RunSpec spec, Broadcast<FileRef> tokenizer) {
    return PTransform.compose(
        (PCollection<ShardSet> shards) ->
            shards
                .apply(
                    "CountNgrams",
                    CountTuples.of(
                        spec,
                        Stage.COUNT_NGRAMS,
                        (run, context) -> tables(run, tokenizer.get(context)),
                        tokenizer))
                .apply(
                    "EstimateNgrams",
                    StepFn.of(
                        spec,
                        Stage.LEARN_NGRAMS,
                        (run, context) -> new NgramPublication(run, tokenizer.get(context)),
                        NgramPublication::publish,
                        tokenizer))
                .setCoder(StringUtf8Coder.of()));
  }

  private static TupleTables tables(RunSpec spec, FileRef ref) {
    NgramShape shape = NgramPublication.shape(spec, ref);
    return new TupleTables(
        spec,
        Stage.COUNT_NGRAMS,
        Stage.COUNT_NGRAMS.fingerprint(spec.job(), ref.sha256()),
        shape.order(),
        (maxDistinct, full) -> new NgramCounter(shape, maxDistinct, full));
  }
}
