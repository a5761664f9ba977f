package org.merganser.pipeline.join;

import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.merganser.embedding.EmbeddedSequenceWriter;
import org.merganser.embedding.EmbeddingTable;
import org.merganser.embedding.EmbeddingTableWriter;
import org.merganser.embedding.FloatType;
import org.merganser.job.Job;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.output.receipt.ShardSet;
import org.merganser.pipeline.output.receipt.UnitFiles;
import org.merganser.pipeline.progress.RunProgress;
import org.merganser.pipeline.progress.StageMeter;
import org.merganser.pipeline.spec.RunSpec;
import org.merganser.pipeline.spec.Stage;
import org.merganser.pipeline.step.JobLayouts;
import org.merganser.pipeline.step.ResumableUnit;
import org.merganser.pipeline.worker.LocalFiles;
import org.merganser.pipeline.worker.WorkerTables;
import org.merganser.pipeline.worker.WorkerTokenizers;
import org.merganser.shard.ShardReader;
import org.merganser.shard.ShardRow;

/**
 * Joins the shards of a unit with the table: writes a file of pooled vectors ({@link TextPooler})
 * and one of sequences for each. Each id has a row, since {@link WorkerTables} has checked the
 * table against the vocabulary before.
 */
public final class UnitJoiner {
  /** The sha256 of the table, in the metadata of each file of the join. */
  private static final String TABLE_SHA256 = "merganser.table.sha256";

  /** Names the definition of the mean in fingerprints: that of the ids of the text. */
  private static final String DEFINITION_OF_MEAN = "by ids";

  private final RunSpec spec;
  private final Job.Embeddings embeddings;
  private final EmbeddingTable table;
  private final FileRef tokenizerRef;

  /** Null if the job asks for no pooled vectors. */
  private final @Nullable TextPooler pooler;

  private final Map<String, String> metadata;

  UnitJoiner(RunSpec spec, FileRef tokenizerRef, FileRef tableRef) {
    this.spec = spec;
    this.embeddings = spec.job().requireEmbeddings();
    this.table = WorkerTables.get(tableRef);
    this.tokenizerRef = tokenizerRef;
    boolean pools = embeddings.output().contains(Job.EmbeddedOutput.POOLED);
    this.pooler = pools ? new TextPooler(spec, WorkerTokenizers.get(tokenizerRef), table) : null;
    this.metadata = metadata(tokenizerRef, table);
  }

  /**
   * A joiner that writes sequences, for which there is room.
   *
   * @param idCounts the counts of the ids of all units
   * @throws RunException if the sequences take more than the job allows
   */
  static UnitJoiner withRoom(
      RunSpec spec, FileRef tokenizerRef, FileRef tableRef, CountIds.Counts idCounts) {
    requireRoom(
        spec.job().requireEmbeddings(), idCounts.tokens(), WorkerTables.get(tableRef).dim());
    return new UnitJoiner(spec, tokenizerRef, tableRef);
  }

  /**
   * Checks the size of embedded sequences.
   *
   * @param tokens the ids that would be written
   * @throws RunException if the output {@code sequence} would take more than the job allows
   */
  public static void requireRoom(Job.Embeddings embeddings, long tokens, int dim) {
    FloatType type = embeddings.dtype().floatType();
    long bytes = Math.multiplyExact(tokens, EmbeddedSequenceWriter.bytesOf(dim, type));
    if (bytes > embeddings.maxSequenceBytes()) {
      throw RunException.wrong(
          "embeddings.output: sequence would take %,d bytes (%,d tokens x %d values of %s), more"
              + " than embeddings.maxSequenceBytes: %d; nothing of it was written: allow it with"
              + " embeddings.maxSequenceBytes: %d, take f16, or leave sequence out",
          bytes, tokens, dim, type, embeddings.maxSequenceBytes(), bytes);
    }
  }

  /** What the metadata of each file of the join says about its tokenizer and table. */
  static Map<String, String> metadata(FileRef tokenizerRef, EmbeddingTable table) {
    return new TreeMap<>(
        Map.of(
            EmbeddingTableWriter.TOKENIZER_SHA256,
            tokenizerRef.sha256(),
            TABLE_SHA256,
            table.sha256(),
            EmbeddingTableWriter.DIM,
            Integer.toString(table.dim())));
  }

  /** Joins the shards of a unit, unless it is done; returns the location of the receipt. */
  String join(ShardSet shards) throws IOException {
    Set<String> textEnds = pooler == null ? Set.of() : pooler.textEnds(shards);
    ResumableUnit work =
        ResumableUnit.of(
            spec,
            Stage.JOIN,
            "join",
            shards.unit(),
            DEFINITION_OF_MEAN,
            table.sha256(),
            tokenizerRef.sha256(),
            shards.sums(),
            new TreeSet<>(textEnds));
    return work.completeAndLocate(files -> joinShards(shards, textEnds, files));
  }

  /** Joins each shard of a unit; shards are numbered on each side of the split. */
  private void joinShards(ShardSet shards, Set<String> textEnds, UnitFiles files)
      throws IOException {
    int training = 0;
    int validation = 0;
    for (ShardSet.Shard shard : shards.shards()) {
      int number = shard.validation() ? validation++ : training++;
      joinShard(shard, shards.unit(), number, textEnds, files);
    }
  }

  /**
   * Writes the pooled vectors and the sequences of a shard, each if the job asks for it.
   *
   * @param number of the shard in the unit, on its side of the split
   * @param textEnds the result of {@link TextPooler#textEnds} for the unit
   */
  private void joinShard(
      ShardSet.Shard source, int unit, int number, Set<String> textEnds, UnitFiles files)
      throws IOException {
    String pooledPath = OutputPaths.pooled(source.validation(), unit, number);
    String sequencePath = OutputPaths.sequence(source.validation(), unit, number);
    try (ShardReader shard = new ShardReader(LocalFiles.of(source.location()));
        TextPooler.PooledShard pooled =
            pooler == null
                ? null
                : pooler.begin(files.begin(pooledPath), metadata, source.path(), textEnds);
        EmbeddedSequenceWriter sequence = newSequenceWriter(sequencePath, files)) {
      Joined joined = joinRows(shard, pooled, sequence);
      if (pooled != null) {
        long tokens = 0; // the file has vectors of documents, none of tokens
        files.finish(pooledPath, pooled.finish(), joined.documents, tokens);
      }
      if (sequence != null) {
        files.finish(sequencePath, sequence.finish(), joined.documents, joined.tokens);
      }
    }
  }

  /** The documents that begin in a shard, and the ids in it. */
  private record Joined(long documents, long tokens) {}

  /** Reads the rows of a shard, and passes each to the writers. */
  private Joined joinRows(
      ShardReader shard,
      TextPooler.@Nullable PooledShard pooled,
      @Nullable EmbeddedSequenceWriter sequence)
      throws IOException {
    StageMeter meter = RunProgress.meter(spec.paths(), Stage.JOIN);
    ShardRow row = new ShardRow();
    long documents = 0;
    long tokens = 0;
    while (shard.next(row)) {
      if (pooled != null) {
        pooled.add(row);
      }
      if (sequence != null) {
        sequence.write(row.docId, row.part, row.ids, row.count, row.mask);
      }
      documents += row.documents();
      tokens += row.count;
      meter.add(row.documents(), 0, row.count);
    }
    return new Joined(documents, tokens);
  }

  /** A writer of sequences; null if the job asks for none. */
  private @Nullable EmbeddedSequenceWriter newSequenceWriter(String path, UnitFiles files)
      throws IOException {
    return embeddings.output().contains(Job.EmbeddedOutput.SEQUENCE)
        ? new EmbeddedSequenceWriter(
            files.begin(path),
            table,
            embeddings.dtype().floatType(),
            JobLayouts.of(spec).masked(),
            metadata)
        : null;
  }
}
