package org.merganser.pipeline.join;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.merganser.embedding.EmbeddingTable;
import org.merganser.embedding.RowsWriter;
import org.merganser.job.Job;
import org.merganser.output.figures.IdHistogram;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.receipt.ShardSet;
import org.merganser.pipeline.output.receipt.UnitFiles;
import org.merganser.pipeline.spec.RunSpec;
import org.merganser.pipeline.spec.Stage;
import org.merganser.pipeline.step.Broadcast;
import org.merganser.pipeline.step.ResumableUnit;
import org.merganser.pipeline.step.Steps;
import org.merganser.pipeline.worker.WorkerTables;
import org.merganser.pipeline.worker.WorkerTokenizers;
import org.merganser.tokenizer.Tokenizer;

/**
 * Joins shards with the embedding table, by a {@link UnitJoiner} for each unit. It is a broadcast
 * join: every worker has the table as a flat file on its own disk, and no token is shuffled. The
 * outputs {@code rows} and {@code sequence} need the counts of all ids: {@code rows} contains them,
 * and {@code sequence} is refused before it is written if it would be too large. The output
 * elements are locations of receipts.
 */
public final class JoinEmbeddings {
  private JoinEmbeddings() {}

  /** The step, whose input is the shards of each unit. */
  public static PTransform<PCollection<ShardSet>, PCollection<String>> of(
      RunSpec spec, Broadcast<FileRef> tokenizer, Broadcast<FileRef> table) {
    return PTransform.compose(shards -> join(shards, spec, tokenizer, table));
  }

  private static PCollection<String> join(
      PCollection<ShardSet> shards,
      RunSpec spec,
      Broadcast<FileRef> tokenizer,
      Broadcast<FileRef> table) {
    List<Job.EmbeddedOutput> output = spec.job().requireEmbeddings().output();
    boolean writesRows = output.contains(Job.EmbeddedOutput.ROWS);
    boolean writesSequence = output.contains(Job.EmbeddedOutput.SEQUENCE);
    Steps<UnitJoiner> pooling = Steps.of(spec, Stage.JOIN, tokenizer, table, UnitJoiner::new);
    if (!writesRows && !writesSequence) {
      return shards.apply("JoinShards", pooling.one(String.class, UnitJoiner::join));
    }
    boolean trainingOnly = false;
    PCollection<CountIds.Counts> counts =
        shards.apply("CountIds", CountIds.of(spec, Stage.JOIN, trainingOnly));
    List<PCollection<String>> receipts = new ArrayList<>();
    if (writesRows) {
      Steps<RowsJoiner> rows = Steps.of(spec, Stage.JOIN, tokenizer, table, RowsJoiner::new);
      receipts.add(counts.apply("WriteRows", rows.one(String.class, RowsJoiner::write)));
    }
    if (writesSequence || output.contains(Job.EmbeddedOutput.POOLED)) {
      Steps<UnitJoiner> joining =
          writesSequence ? joiningWithRoom(counts, spec, tokenizer, table) : pooling;
      receipts.add(shards.apply("JoinShards", joining.one(String.class, UnitJoiner::join)));
    }
    return PCollectionList.of(receipts).apply("EmbeddedReceipts", Flatten.pCollections());
  }

  /**
   * Steps that check the size of all sequences before they write the first.
   *
   * @param counts the counts of all ids
   */
  private static Steps<UnitJoiner> joiningWithRoom(
      PCollection<CountIds.Counts> counts,
      RunSpec spec,
      Broadcast<FileRef> tokenizer,
      Broadcast<FileRef> table) {
    Broadcast<CountIds.Counts> idCounts = Broadcast.one("CountsToWorkers", counts);
    return Steps.of(
        spec,
        Stage.JOIN,
        (run, context) ->
            UnitJoiner.withRoom(
                run, tokenizer.get(context), table.get(context), idCounts.get(context)),
        tokenizer,
        table,
        idCounts);
  }

  /** Writes the rows of the vocabulary with the counts of their ids. */
  private record RowsJoiner(RunSpec spec, FileRef tokenizerRef, FileRef tableRef) {
    /**
     * Writes the rows, unless this was done before; returns the location of the receipt.
     *
     * @param counts the counts of all ids
     */
    String write(CountIds.Counts counts) throws IOException {
      FileRef ids = counts.histogram();
      EmbeddingTable table = WorkerTables.get(tableRef);
      ResumableUnit work =
          ResumableUnit.of(
              spec,
              Stage.JOIN,
              "rows",
              OutputPaths.AFTER_ALL_UNITS,
              tokenizerRef.sha256(),
              table.sha256(),
              ids.sha256());
      return work.completeAndLocate(files -> write(table, CountIds.read(ids), files));
    }

    private void write(EmbeddingTable table, IdHistogram counts, UnitFiles files)
        throws IOException {
      Tokenizer tokenizer = WorkerTokenizers.get(tokenizerRef);
      String path = OutputPaths.ROWS;
      RowsWriter.write(
          files.begin(path),
          table,
          counts,
          id -> Objects.requireNonNullElse(tokenizer.token(id), ""),
          tokenizer::bytes,
          UnitJoiner.metadata(tokenizerRef, table));
      long documents = 0; // the rows are those of ids, not of documents
      long tokens = 0;
      files.finish(path, documents, tokens);
    }
  }
}
