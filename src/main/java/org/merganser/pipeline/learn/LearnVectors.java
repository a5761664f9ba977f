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
import org.merganser.pipeline.encode.ValidationShards;
import org.merganser.pipeline.join.LearnedTable;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.Fingerprint;
import org.merganser.pipeline.output.ShardSet;
import org.merganser.pipeline.step.Broadcast;
import org.merganser.pipeline.step.FilesFn;
import org.merganser.pipeline.step.Stage;
import org.merganser.pipeline.step.WorkerTokenizers;
import org.merganser.tokenizer.Tokenizer;

/**
 * Learns a vector for each token from the canonical shards: ids and then pairs of neighbouring ids
 * are counted distributed, one worker learns from the merged tables. Hands on the table.
 */
public final class LearnVectors
    extends PTransform<PCollection<ShardSet>, PCollection<LearnedTable>> {
  private final VectorSpec spec;
  private final Broadcast<FileRef> tokenizer;

  public LearnVectors(VectorSpec spec, Broadcast<FileRef> tokenizer) {
    this.spec = spec;
    this.tokenizer = tokenizer;
  }

  @Override
  public PCollection<LearnedTable> expand(PCollection<ShardSet> shards) {
    VectorSpec run = spec; // the step holds these, not this transform
    Broadcast<FileRef> ref = tokenizer;
    Broadcast<FileRef> ids =
        Broadcast.one("IdsToWorkers", shards.apply("CountIds", new CountIds(spec.files())));
    Broadcast<List<ShardSet>> validation = ValidationShards.toWorkers(shards);
    return shards
        .apply("CountPairs", new CountTuples(spec.files(), new PairCounting(spec, tokenizer, ids)))
        .apply(
            "Factorize",
            FilesFn.<List<String>, LearnedTable>of(
                    spec.files(),
                    Stage.LEARN_VECTORS,
                    (merged, context, out) ->
                        out.accept(
                            new VectorPublication(run, ref.get(context), ids.get(context))
                                .publish(merged, ValidationShards.sorted(validation.get(context)))))
                .withSideInputs(Broadcast.views(ref, ids, validation)))
        .setCoder(SerializableCoder.of(LearnedTable.class));
  }

  /** The ids that count as company, from the counts of all ids. */
  static IdContexts contexts(VectorSpec spec, FileRef ref, FileRef ids) {
    Tokenizer tokenizer = WorkerTokenizers.get(ref);
    try {
      return new IdContexts(
          CountIds.read(ids),
          tokenizer.idBound(),
          spec.settings().contexts(),
          spec.endOfDocument(tokenizer));
    } catch (IOException e) {
      throw new UncheckedIOException(ids.location() + ": the counts of ids cannot be read", e);
    }
  }

  private record PairCounting(VectorSpec spec, Broadcast<FileRef> tokenizer, Broadcast<FileRef> ids)
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
      int end = spec.endOfDocument(WorkerTokenizers.get(ref));
      int window = spec.settings().window();
      return new TupleTables(
          spec.layout(),
          stage(),
          Fingerprint.of("pairs", counts.sha256(), spec.settings().contexts(), window, end),
          2,
          (maxDistinct, full) -> new CooccurrenceCounter(contexts, window, end, maxDistinct, full));
    }
  }
}
