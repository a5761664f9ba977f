package org.merganser.pipeline.learn;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionView;
import org.merganser.learn.vector.CooccurrenceCounter;
import org.merganser.learn.vector.IdContexts;
import org.merganser.learn.vector.VectorLearner;
import org.merganser.pipeline.join.CountIds;
import org.merganser.pipeline.join.LearnedTable;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.Fingerprint;
import org.merganser.pipeline.output.ShardSet;
import org.merganser.pipeline.step.Broadcast;
import org.merganser.pipeline.step.JobComponents;
import org.merganser.pipeline.step.RunSpec;
import org.merganser.pipeline.step.Stage;
import org.merganser.pipeline.step.StepFn;
import org.merganser.pipeline.step.WorkerTokenizers;
import org.merganser.tokenizer.Tokenizer;

/**
 * Learns a vector for each token from the canonical shards: ids and then pairs of neighbouring ids
 * are counted distributed, one worker learns from the merged tables. Hands on the table.
 */
public final class LearnVectors
    extends PTransform<PCollection<ShardSet>, PCollection<LearnedTable>> {
  private final RunSpec spec;
  private final Broadcast<FileRef> tokenizer;

  public LearnVectors(RunSpec spec, Broadcast<FileRef> tokenizer) {
    this.spec = spec;
    this.tokenizer = tokenizer;
  }

  @Override
  public PCollection<LearnedTable> expand(PCollection<ShardSet> shards) {
    Broadcast<FileRef> ref = tokenizer; // the step holds this, not this transform
    Broadcast<FileRef> ids =
        Broadcast.one(
            "IdsToWorkers", shards.apply("CountIds", new CountIds(spec, Stage.COUNT_PAIRS, true)));
    return shards
        .apply("CountPairs", new CountTuples(spec.files(), new PairCounting(spec, tokenizer, ids)))
        .apply(
            "Factorize",
            StepFn.of(
                spec,
                Stage.LEARN_VECTORS,
                (run, context) -> new VectorPublication(run, ref.get(context), ids.get(context)),
                VectorPublication::publish,
                ref,
                ids))
        .setCoder(SerializableCoder.of(LearnedTable.class));
  }

  /** The ids that count as company, from the counts of all ids. */
  static IdContexts contexts(RunSpec spec, FileRef ref, FileRef ids) {
    Tokenizer tokenizer = WorkerTokenizers.get(ref);
    try {
      return new IdContexts(
          CountIds.read(ids),
          tokenizer.idBound(),
          VectorLearner.CONTEXTS,
          JobComponents.endOfDocument(spec.job(), tokenizer));
    } catch (IOException e) {
      throw new UncheckedIOException(ids.location() + ": the counts of ids cannot be read", e);
    }
  }

  private record PairCounting(RunSpec spec, Broadcast<FileRef> tokenizer, Broadcast<FileRef> ids)
      implements CountTuples.Counting {
    @Override
    public List<PCollectionView<?>> sideInputs() {
      return Broadcast.views(tokenizer, ids);
    }

    @Override
    public Stage stage() {
      return Stage.COUNT_PAIRS;
    }

    @Override
    public TupleTables tables(DoFn<?, ?>.ProcessContext context) {
      FileRef ref = tokenizer.get(context);
      FileRef counts = ids.get(context);
      IdContexts contexts = contexts(spec, ref, counts);
      int end = JobComponents.endOfDocument(spec.job(), WorkerTokenizers.get(ref));
      int window = JobComponents.learnedVectors(spec.job()).window();
      return new TupleTables(
          spec.layout(),
          stage(),
          Fingerprint.of("pairs", counts.sha256(), window, end),
          2,
          (maxDistinct, full) -> new CooccurrenceCounter(contexts, window, end, maxDistinct, full));
    }
  }
}
