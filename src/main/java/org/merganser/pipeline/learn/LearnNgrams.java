package org.merganser.pipeline.learn;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;
import org.merganser.learn.ngram.NgramCounter;
import org.merganser.learn.ngram.NgramLearner;
import org.merganser.learn.ngram.NgramShape;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.receipt.ShardSet;
import org.merganser.pipeline.spec.RunSpec;
import org.merganser.pipeline.spec.Stage;
import org.merganser.pipeline.step.Broadcast;
import org.merganser.pipeline.step.DocumentTokens;
import org.merganser.pipeline.step.ResumableUnit;
import org.merganser.pipeline.step.Steps;
import org.merganser.pipeline.worker.WorkerTokenizers;
import org.merganser.tokenizer.Tokenizer;

/**
 * Learns an n-gram model from the canonical shards. Workers count the n-grams; one worker estimates
 * the model from the combined tables. The output is the location of its receipt.
 */
public final class LearnNgrams {
  private LearnNgrams() {}

  /** The step that learns the model and outputs the location of its receipt. */
  public static PTransform<PCollection<ShardSet>, PCollection<String>> of(
      RunSpec spec, Broadcast<FileRef> tokenizer) {
    Steps<TupleTables> counting =
        Steps.of(spec, Stage.COUNT_NGRAMS, tokenizer, LearnNgrams::newTables);
    Steps<NgramPublication> estimating =
        Steps.of(spec, Stage.LEARN_NGRAMS, tokenizer, NgramPublication::new);
    return PTransform.compose(
        (PCollection<ShardSet> shards) ->
            shards
                .apply("CountNgrams", TupleTables.counting(counting))
                .apply("EstimateNgrams", estimating.one(String.class, NgramPublication::publish)));
  }

  /** The logic that counts the n-grams of units. */
  private static TupleTables newTables(RunSpec spec, FileRef tokenizerRef) {
    NgramShape shape = NgramPublication.shape(spec, tokenizerRef);
    return new TupleTables(
        spec,
        Stage.COUNT_NGRAMS,
        Stage.COUNT_NGRAMS.fingerprint(spec.job(), tokenizerRef.sha256()),
        DocumentTokens.beginOfDocument(spec.job().shards(), WorkerTokenizers.get(tokenizerRef)),
        shape.order(),
        (maxDistinct, full) -> new NgramCounter(shape, maxDistinct, full));
  }

  /** Estimates the model from the combined tables, and writes its file. */
  private record NgramPublication(RunSpec spec, FileRef tokenizerRef) {
    /**
     * The version of the estimate and of its file. It is part of the fingerprint: with a higher
     * one, a run writes the file again from the same counts.
     */
    private static final int FORMAT_VERSION = 3;

    /**
     * The order of the model that the job asks for, the bound of its ids, and the id at its ends.
     */
    static NgramShape shape(RunSpec spec, FileRef tokenizerRef) {
      Tokenizer tokenizer = WorkerTokenizers.get(tokenizerRef);
      return new NgramShape(
          Objects.requireNonNull(spec.job().learn(), "a run that learns says what").ngrams(),
          tokenizer.idBound(),
          DocumentTokens.endOfDocument(spec.job().shards(), tokenizer));
    }

    /**
     * Learns the model and publishes it, unless this was done before.
     *
     * @param tables the sorted locations of the combined tables
     * @return the location of the receipt
     */
    String publish(List<String> tables) throws IOException {
      NgramShape shape = shape(spec, tokenizerRef);
      ResumableUnit work =
          ResumableUnit.of(
              spec,
              Stage.LEARN_NGRAMS,
              "ngrams",
              OutputPaths.AFTER_ALL_UNITS,
              FORMAT_VERSION,
              tokenizerRef.sha256(),
              TupleTables.sums(tables));
      return work.completeAndLocate(
          files ->
              files.write(
                  OutputPaths.NGRAMS,
                  NgramLearner.learn(shape, TupleTables.source(shape.order(), tables))));
    }
  }
}
