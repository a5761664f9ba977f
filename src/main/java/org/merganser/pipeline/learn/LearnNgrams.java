package org.merganser.pipeline.learn;

import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;
import org.merganser.learn.ngram.NgramCounter;
import org.merganser.learn.ngram.NgramShape;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.Fingerprint;
import org.merganser.pipeline.output.ShardSet;
import org.merganser.pipeline.step.Broadcast;
import org.merganser.pipeline.step.RunSpec;
import org.merganser.pipeline.step.Stage;
import org.merganser.pipeline.step.StepFn;

/**
 * Learns an n-gram model from the canonical shards: n-grams are counted distributed, one worker
 * estimates the model from the merged tables. Hands on the location of its receipt.
 */
public final class LearnNgrams extends PTransform<PCollection<ShardSet>, PCollection<String>> {
  private final RunSpec spec;
  private final Broadcast<FileRef> tokenizer;

  public LearnNgrams(RunSpec spec, Broadcast<FileRef> tokenizer) {
    this.spec = spec;
    this.tokenizer = tokenizer;
  }

  @Override
  public PCollection<String> expand(PCollection<ShardSet> shards) {
    Broadcast<FileRef> ref = tokenizer; // the steps hold this, not this transform
    return shards
        .apply(
            "CountNgrams",
            new CountTuples(
                spec, Stage.COUNT_NGRAMS, (run, context) -> tables(run, ref.get(context)), ref))
        .apply(
            "EstimateNgrams",
            StepFn.of(
                spec,
                Stage.LEARN_NGRAMS,
                (run, context) -> new NgramPublication(run, ref.get(context)),
                NgramPublication::publish,
                ref))
        .setCoder(StringUtf8Coder.of());
  }

  private static TupleTables tables(RunSpec spec, FileRef ref) {
    NgramShape shape = NgramPublication.shape(spec, ref);
    return new TupleTables(
        spec.layout(),
        Stage.COUNT_NGRAMS,
        Fingerprint.of("ngrams", ref.sha256(), shape),
        shape.order(),
        (maxDistinct, full) -> new NgramCounter(shape, maxDistinct, full));
  }
}
