package org.merganser.pipeline.learn;

import java.io.IOException;
import java.util.List;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionView;
import org.merganser.learn.ngram.NgramCounter;
import org.merganser.learn.ngram.NgramShape;
import org.merganser.pipeline.encode.ValidationShards;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.Fingerprint;
import org.merganser.pipeline.output.ShardSet;
import org.merganser.pipeline.step.Broadcast;
import org.merganser.pipeline.step.RunFn;
import org.merganser.pipeline.step.RunSpec;
import org.merganser.pipeline.step.Stage;
import org.merganser.pipeline.step.StageMeter;

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
    Broadcast<List<ShardSet>> validation = ValidationShards.toWorkers(shards);
    return shards
        .apply("CountNgrams", new CountTuples(spec.files(), new NgramCounting(spec, tokenizer)))
        .apply(
            "EstimateNgrams",
            ParDo.of(new EstimateFn(spec, tokenizer, validation))
                .withSideInputs(Broadcast.views(tokenizer, validation)))
        .setCoder(StringUtf8Coder.of());
  }

  private record NgramCounting(RunSpec spec, Broadcast<FileRef> tokenizer)
      implements CountTuples.Counting {
    @Override
    public List<PCollectionView<?>> sideInputs() {
      return Broadcast.views(tokenizer);
    }

    @Override
    public Stage stage() {
      return Stage.COUNT_NGRAMS;
    }

    @Override
    public TupleTables tables(DoFn<?, ?>.ProcessContext context) {
      FileRef ref = tokenizer.get(context);
      NgramShape shape = NgramPublication.shape(spec, ref);
      return new TupleTables(
          spec.layout(),
          stage(),
          Fingerprint.of("ngrams", ref.sha256(), shape),
          shape.order(),
          (maxDistinct, full) -> new NgramCounter(shape, maxDistinct, full));
    }
  }

  private static final class EstimateFn extends RunFn<List<String>, String> {
    private final Broadcast<FileRef> tokenizer;
    private final Broadcast<List<ShardSet>> validation;

    EstimateFn(RunSpec spec, Broadcast<FileRef> tokenizer, Broadcast<List<ShardSet>> validation) {
      super(spec);
      this.tokenizer = tokenizer;
      this.validation = validation;
    }

    @ProcessElement
    public void estimate(
        @Element List<String> merged, OutputReceiver<String> out, ProcessContext context)
        throws IOException {
      StageMeter.Work busy = StageMeter.of(spec.layout(), Stage.LEARN_NGRAMS).begin();
      try {
        out.output(
            new NgramPublication(spec, tokenizer.get(context))
                .publish(merged, ValidationShards.sorted(validation.get(context))));
      } finally {
        busy.close();
      }
    }
  }
}
