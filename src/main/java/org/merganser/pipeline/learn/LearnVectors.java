package org.merganser.pipeline.learn;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.merganser.checksum.FileSum;
import org.merganser.embedding.EmbeddingTableWriter;
import org.merganser.job.Job;
import org.merganser.learn.vector.CooccurrenceCounter;
import org.merganser.learn.vector.IdContexts;
import org.merganser.learn.vector.VectorLearner;
import org.merganser.output.WrittenFile;
import org.merganser.pipeline.join.CountIds;
import org.merganser.pipeline.join.JoinEmbeddings;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.receipt.Receipts;
import org.merganser.pipeline.output.receipt.ShardSet;
import org.merganser.pipeline.output.receipt.UnitFiles;
import org.merganser.pipeline.spec.RunSpec;
import org.merganser.pipeline.spec.Stage;
import org.merganser.pipeline.step.Broadcast;
import org.merganser.pipeline.step.DocumentTokens;
import org.merganser.pipeline.step.ResumableUnit;
import org.merganser.pipeline.step.Steps;
import org.merganser.pipeline.worker.WorkerTokenizers;
import org.merganser.tokenizer.Tokenizer;

/**
 * Learns a vector for each token from the canonical shards. Workers count the ids and then the
 * pairs of ids within a window; one worker learns from the combined tables. The table is then
 * joined with the shards.
 */
public final class LearnVectors {
  /** The number of ids in a counted tuple. */
  private static final int PAIR = 2;

  /** The type of the learned numbers, as tables name it. */
  private static final String FLOAT32 = "F32";

  private LearnVectors() {}

  /**
   * Adds the steps that learn the table and join it with the shards.
   *
   * @return the locations of the receipts of both
   */
  public static PCollection<String> andJoin(
      PCollection<ShardSet> shards, RunSpec spec, Broadcast<FileRef> tokenizer) {
    PCollection<String> learned =
        shards.apply("LearnVectors", PTransform.compose(sets -> learning(sets, spec, tokenizer)));
    Steps<RunSpec> reading = Steps.of(spec, Stage.LEARN_VECTORS, (run, context) -> run);
    PCollection<FileRef> table =
        learned.apply("LearnedTable", reading.one(FileRef.class, LearnVectors::readTableRef));
    return PCollectionList.of(learned)
        .and(
            shards.apply(
                "JoinEmbeddings",
                JoinEmbeddings.of(spec, tokenizer, Broadcast.one("TableToWorkers", table))))
        .apply("EmbeddedReceipts", Flatten.pCollections());
  }

  /** Reads which table was learned: it is the one file of the receipt. */
  private static FileRef readTableRef(RunSpec spec, String receipt) throws IOException {
    WrittenFile table = Receipts.read(receipt).files().get(0);
    return new FileRef(Receipts.locate(spec.paths(), table), table.sha256());
  }

  /** Adds the steps that learn the table; returns the location of its receipt. */
  private static PCollection<String> learning(
      PCollection<ShardSet> shards, RunSpec spec, Broadcast<FileRef> tokenizer) {
    boolean trainingOnly = true;
    PCollection<CountIds.Counts> counts =
        shards.apply("CountIds", CountIds.of(spec, Stage.COUNT_PAIRS, trainingOnly));
    Broadcast<CountIds.Counts> idCounts = Broadcast.one("IdsToWorkers", counts);
    Steps<TupleTables> countingPairs =
        Steps.of(spec, Stage.COUNT_PAIRS, tokenizer, idCounts, LearnVectors::newTables);
    Steps<VectorPublication> factorizing =
        Steps.of(spec, Stage.LEARN_VECTORS, tokenizer, idCounts, VectorPublication::new);
    return shards
        .apply("CountPairs", TupleTables.counting(countingPairs))
        .apply("Factorize", factorizing.one(String.class, VectorPublication::publish));
  }

  /**
   * The ids whose co-occurrence with an id makes its vector: the most frequent ones, without those
   * that begin and end documents.
   */
  private static IdContexts contexts(RunSpec spec, Tokenizer tokenizer, CountIds.Counts idCounts)
      throws IOException {
    Set<Integer> leftOut = new HashSet<>();
    leftOut.add(
        beginOfDocument(spec, tokenizer)); // -1 for none, which is no id, so it has no effect
    leftOut.add(endOfDocument(spec, tokenizer));
    return new IdContexts(
        CountIds.read(idCounts.histogram()), tokenizer.idBound(), VectorLearner.CONTEXTS, leftOut);
  }

  /** The id that begins documents; -1 for none. */
  private static int beginOfDocument(RunSpec spec, Tokenizer tokenizer) {
    return DocumentTokens.beginOfDocument(spec.job().shards(), tokenizer);
  }

  /** The id that ends documents; -1 for none. */
  private static int endOfDocument(RunSpec spec, Tokenizer tokenizer) {
    return DocumentTokens.endOfDocument(spec.job().shards(), tokenizer);
  }

  /** The logic that counts the pairs of ids within the window of the job. */
  private static TupleTables newTables(RunSpec spec, FileRef tokenizerRef, CountIds.Counts idCounts)
      throws IOException {
    Tokenizer tokenizer = WorkerTokenizers.get(tokenizerRef);
    IdContexts contexts = contexts(spec, tokenizer, idCounts);
    int end = endOfDocument(spec, tokenizer);
    int window = spec.job().requireLearnedVectors().window();
    return new TupleTables(
        spec,
        Stage.COUNT_PAIRS,
        Stage.COUNT_PAIRS.fingerprint(
            spec.job(), tokenizerRef.sha256(), idCounts.histogram().sha256()),
        beginOfDocument(spec, tokenizer),
        PAIR,
        (maxDistinct, full) -> new CooccurrenceCounter(contexts, window, end, maxDistinct, full));
  }

  /** Learns the vectors from the combined tables, and writes their table. */
  private record VectorPublication(RunSpec spec, FileRef tokenizerRef, CountIds.Counts idCounts) {

    /**
     * Learns the vectors and publishes their table, unless this was done before.
     *
     * @param tables the sorted locations of the combined tables
     * @return the location of the receipt
     */
    String publish(List<String> tables) throws IOException {
      ResumableUnit work =
          ResumableUnit.of(
              spec,
              Stage.LEARN_VECTORS,
              "vectors",
              OutputPaths.AFTER_ALL_UNITS,
              tokenizerRef.sha256(),
              idCounts.histogram().sha256(),
              TupleTables.sums(tables));
      return work.completeAndLocate(files -> writeTable(tables, files));
    }

    /** Learns the vectors from the pairs in the combined tables, and writes their table. */
    private void writeTable(List<String> tables, UnitFiles files) throws IOException {
      Tokenizer tokenizer = WorkerTokenizers.get(tokenizerRef);
      VectorLearner.Vectors vectors =
          VectorLearner.learn(
              TupleTables.source(PAIR, tables),
              contexts(spec, tokenizer, idCounts),
              spec.job().requireLearnedVectors().dim());
      String path = OutputPaths.LEARNED_VECTORS;
      FileSum sum = writeRows(files.begin(path), vectors, tokenizer);
      long documents = 0; // the table is not of documents
      long tokens = 0;
      files.finish(path, sum, documents, tokens);
    }

    /** Writes the table with a row for each id; returns the size and sum of the file. */
    private FileSum writeRows(Path file, VectorLearner.Vectors vectors, Tokenizer tokenizer)
        throws IOException {
      Job.LearnedVectors settings = spec.job().requireLearnedVectors();
      String source =
          "mutual information in a window of %s, of pairs that weigh at least %s"
              .formatted(settings.window(), vectors.minWeight());
      try (EmbeddingTableWriter out =
          new EmbeddingTableWriter(file, settings.dim(), FLOAT32, source, tokenizerRef.sha256())) {
        for (int id = 0; id < tokenizer.idBound(); id++) {
          out.write(tokenizer.token(id), vectors.rows(), id * settings.dim());
        }
        return out.finish();
      }
    }
  }
}
