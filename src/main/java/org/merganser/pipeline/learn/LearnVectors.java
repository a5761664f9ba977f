package org.merganser.pipeline.learn;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.List;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.TypeDescriptor;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.merganser.dataset.UnitReceipt;
import org.merganser.dataset.WrittenFile;
import org.merganser.embedding.EmbeddingTableWriter;
import org.merganser.job.Job;
import org.merganser.learn.vector.CooccurrenceCounter;
import org.merganser.learn.vector.IdContexts;
import org.merganser.learn.vector.VectorLearner;
import org.merganser.pipeline.join.CountIds;
import org.merganser.pipeline.join.JoinEmbeddings;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.OutputLayout;
import org.merganser.pipeline.output.ShardSet;
import org.merganser.pipeline.output.UnitFiles;
import org.merganser.pipeline.step.Broadcast;
import org.merganser.pipeline.step.JobComponents;
import org.merganser.pipeline.step.RunSpec;
import org.merganser.pipeline.step.Stage;
import org.merganser.pipeline.step.Steps;
import org.merganser.pipeline.step.UnitWork;
import org.merganser.pipeline.worker.WorkerTokenizers;
import org.merganser.tokenizer.Tokenizer;

/**
 * Learns a vector for each token from the canonical shards. Workers count the ids and then the
 * pairs of adjacent ids; one worker learns from the merged tables. The output is the table.
 */
public final class LearnVectors {
  private LearnVectors() {}

  /** Returns the receipts of both steps. */
  public static PCollection<String> andJoin(
      PCollection<ShardSet> shards, RunSpec spec, Broadcast<FileRef> tokenizer) {
    PCollection<LearnedTable> learned =
        shards.apply("LearnVectors", PTransform.compose(sets -> learn(sets, spec, tokenizer)));
    Broadcast<FileRef> table =
        Broadcast.one(
            "TableToWorkers",
            learned
                .apply(
                    "LearnedTable",
                    MapElements.into(TypeDescriptor.of(FileRef.class)).via(LearnedTable::table))
                .setCoder(SerializableCoder.of(FileRef.class)));
    return PCollectionList.of(
            learned.apply(
                "VectorReceipt",
                MapElements.into(TypeDescriptors.strings()).via(LearnedTable::receipt)))
        .and(shards.apply("JoinEmbeddings", JoinEmbeddings.of(spec, tokenizer, table)))
        .apply("EmbeddedReceipts", Flatten.pCollections());
  }

  private static PCollection<LearnedTable> learn(
      PCollection<ShardSet> shards, RunSpec spec, Broadcast<FileRef> ref) {
    Broadcast<FileRef> ids =
        Broadcast.one(
            "IdsToWorkers", shards.apply("CountIds", CountIds.of(spec, Stage.COUNT_PAIRS, true)));
    Steps<TupleTables> counting = Steps.of(spec, Stage.COUNT_PAIRS, ref, ids, LearnVectors::tables);
    Steps<VectorPublication> learning =
        Steps.of(spec, Stage.LEARN_VECTORS, ref, ids, VectorPublication::new);
    return shards
        .apply("CountPairs", TupleTables.counting(counting))
        .apply("Factorize", learning.one(LearnedTable.class, VectorPublication::publish));
  }

  /** The ids that are contexts, chosen by the counts of all ids. */
  static IdContexts contexts(RunSpec spec, FileRef ref, FileRef ids) throws IOException {
    Tokenizer tokenizer = WorkerTokenizers.get(ref);
    return new IdContexts(
        CountIds.read(ids),
        tokenizer.idBound(),
        VectorLearner.CONTEXTS,
        JobComponents.endOfDocument(spec.job(), tokenizer));
  }

  private static TupleTables tables(RunSpec spec, FileRef ref, FileRef ids) throws IOException {
    IdContexts contexts = contexts(spec, ref, ids);
    int end = JobComponents.endOfDocument(spec.job(), WorkerTokenizers.get(ref));
    int window = JobComponents.learnedVectors(spec.job()).window();
    return new TupleTables(
        spec,
        Stage.COUNT_PAIRS,
        Stage.COUNT_PAIRS.fingerprint(spec.job(), ref.sha256(), ids.sha256()),
        2,
        (maxDistinct, full) -> new CooccurrenceCounter(contexts, window, end, maxDistinct, full));
  }

  private record VectorPublication(
      RunSpec spec, FileRef ref, FileRef ids, Job.LearnedVectors settings) {
    VectorPublication(RunSpec spec, FileRef ref, FileRef ids) {
      this(spec, ref, ids, JobComponents.learnedVectors(spec.job()));
    }

    /**
     * @param merged locations of the merged tables, sorted
     */
    LearnedTable publish(List<String> merged) throws IOException {
      OutputLayout layout = spec.layout();
      UnitWork work =
          spec.work(
              Stage.LEARN_VECTORS,
              "vectors",
              OutputLayout.AFTER_ALL_UNITS,
              ref.sha256(),
              ids.sha256(),
              TupleTables.sums(merged));
      UnitReceipt receipt = work.receipt(files -> learn(merged, files));
      WrittenFile table = receipt.files().get(0);
      return new LearnedTable(
          new FileRef(layout.at(table.path()), table.sha256()), layout.at(receipt.path()));
    }

    private void learn(List<String> merged, UnitFiles files) throws IOException {
      VectorLearner.Vectors vectors =
          VectorLearner.learn(
              TupleTables.merged(2, merged), LearnVectors.contexts(spec, ref, ids), settings.dim());
      String path = OutputLayout.LEARNED_VECTORS;
      write(files.begin(path), vectors);
      files.finish(path, 0, 0);
    }

    private void write(Path file, VectorLearner.Vectors vectors) throws IOException {
      Tokenizer tokenizer = WorkerTokenizers.get(ref);
      String source =
          "mutual information in a window of %s, of pairs that weigh at least %s"
              .formatted(settings.window(), vectors.minWeight());
      try (EmbeddingTableWriter out =
          new EmbeddingTableWriter(file, settings.dim(), "F32", source, ref.sha256())) {
        for (int id = 0; id < tokenizer.idBound(); id++) {
          out.write(tokenizer.token(id), vectors.rows(), id * settings.dim());
        }
      }
    }
  }

  /** The receipt is a location. */
  private record LearnedTable(FileRef table, String receipt) implements Serializable {}
}
