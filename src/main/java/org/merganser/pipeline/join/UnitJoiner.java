package org.merganser.pipeline.join;

import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.merganser.embedding.EmbeddedSequenceWriter;
import org.merganser.embedding.EmbeddingTable;
import org.merganser.embedding.EmbeddingTableWriter;
import org.merganser.embedding.FloatType;
import org.merganser.embedding.PooledWriter;
import org.merganser.embedding.Pooling;
import org.merganser.job.Job;
import org.merganser.output.receipt.UnitReceipt;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.output.receipt.ShardSet;
import org.merganser.pipeline.output.receipt.UnitFiles;
import org.merganser.pipeline.progress.RunProgress;
import org.merganser.pipeline.progress.StageMeter;
import org.merganser.pipeline.spec.RunSpec;
import org.merganser.pipeline.spec.Stage;
import org.merganser.pipeline.step.DocumentTokens;
import org.merganser.pipeline.step.JobLayouts;
import org.merganser.pipeline.step.ResumableUnit;
import org.merganser.pipeline.worker.LocalFiles;
import org.merganser.pipeline.worker.WorkerTables;
import org.merganser.pipeline.worker.WorkerTokenizers;
import org.merganser.shard.ShardReader;
import org.merganser.shard.ShardRow;

/**
 * Joins the shards of a unit with the table: writes a file of pooled vectors ({@link Pooling}) and
 * one of sequences for each. Each id has a row, since {@link WorkerTables} has checked the table
 * against the vocabulary before.
 */
public final class UnitJoiner {
  /** The sha256 of the table, in the metadata of each file of the join. */
  private static final String TABLE_SHA256 = "merganser.table.sha256";

  /** Names the definition of the mean in fingerprints: that of the ids of the text. */
  private static final String DEFINITION_OF_MEAN = "by ids";

  private final RunSpec spec;
  private final Job.Embeddings embeddings;
  private final EmbeddingTable table;

  /** Whether documents begin with an id that is no text. */
  private final boolean hasBeginOfDocument;

  /** The id that ends documents; -1 if they do not end with one. */
  private final int endOfDocument;

  /** Null if the job asks for no pooled vectors. */
  private final @Nullable Pooling pooling;

  /** The vector of the current row. */
  private final float[] mean;

  /** The tokenizer.json. */
  private final FileRef tokenizerRef;

  private final Map<String, String> metadata;
  private final TextEnds textEnds;

  /**
   * @param tokenizerRef the tokenizer.json
   */
  UnitJoiner(RunSpec spec, FileRef tokenizerRef, FileRef tableRef) {
    this.spec = spec;
    this.embeddings = spec.job().requireEmbeddings();
    this.table = WorkerTables.get(tableRef);
    this.hasBeginOfDocument = spec.job().shards().beginOfDocument() != null;
    this.endOfDocument =
        DocumentTokens.endOfDocument(spec.job().shards(), WorkerTokenizers.get(tokenizerRef));
    boolean pools = embeddings.output().contains(Job.EmbeddedOutput.POOLED);
    this.pooling = pools ? new Pooling(table) : null;
    this.mean = new float[table.dim()];
    this.tokenizerRef = tokenizerRef;
    this.metadata = metadata(tokenizerRef, table);
    this.textEnds = new TextEnds(spec);
  }

  /**
   * A joiner that writes sequences.
   *
   * @param ids the counts of the ids of all units
   * @throws RunException if the sequences take more than the job allows
   */
  static UnitJoiner withRoom(
      RunSpec spec, FileRef tokenizerRef, FileRef tableRef, CountIds.Counts ids) {
    requireRoom(spec.job().requireEmbeddings(), ids.tokens(), WorkerTables.get(tableRef).dim());
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
    boolean needsEnds = pooling != null && endOfDocument >= 0;
    Set<String> ends = needsEnds ? textEnds.of(shards) : Set.of();
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
            new TreeSet<>(ends));
    return work.completeAndLocate(files -> joinShards(shards, ends, files));
  }

  /** Joins each shard of a unit; shards are numbered on each side of the split. */
  private void joinShards(ShardSet shards, Set<String> ends, UnitFiles files) throws IOException {
    int training = 0;
    int validation = 0;
    for (ShardSet.Shard shard : shards.shards()) {
      int number = shard.validation() ? validation++ : training++;
      joinShard(shard, shards.unit(), number, ends, files);
    }
  }

  /**
   * Writes the pooled vectors and the sequences of a shard, each if the job asks for it.
   *
   * @param number of the shard in the unit, on its side of the split
   * @param ends as {@link TextEnds#of} returns them
   */
  private void joinShard(
      ShardSet.Shard source, int unit, int number, Set<String> ends, UnitFiles files)
      throws IOException {
    String pooledPath = OutputPaths.pooled(source.validation(), unit, number);
    String sequencePath = OutputPaths.sequence(source.validation(), unit, number);
    try (ShardReader shard = new ShardReader(LocalFiles.of(source.location()));
        PooledWriter pooled =
            pooling == null ? null : new PooledWriter(files.begin(pooledPath), metadata);
        EmbeddedSequenceWriter sequence = newSequenceWriter(sequencePath, files)) {
      Joined joined = joinRows(shard, source.path(), ends, pooled, sequence);
      if (pooled != null) {
        files.finish(pooledPath, pooled.finish(), joined.documents, 0);
      }
      if (sequence != null) {
        files.finish(sequencePath, sequence.finish(), joined.documents, joined.tokens);
      }
    }
  }

  /** The documents that begin in a shard, and the ids in it. */
  private record Joined(long documents, long tokens) {}

  /**
   * Reads the rows of a shard, and passes each to the writers.
   *
   * @param path of the shard, relative to the output
   */
  private Joined joinRows(
      ShardReader shard,
      String path,
      Set<String> ends,
      @Nullable PooledWriter pooled,
      @Nullable EmbeddedSequenceWriter sequence)
      throws IOException {
    StageMeter meter = RunProgress.meter(spec.paths(), Stage.JOIN);
    ShardRow row = new ShardRow();
    long rows = 0;
    long documents = 0;
    long tokens = 0;
    while (shard.next(row)) {
      if (pooling != null && pooled != null) {
        boolean hasEnd =
            endsInEndOfDocument(row) && !ends.contains(UnitReceipt.textEnd(path, rows));
        pool(row, hasEnd, pooling, pooled);
      }
      if (sequence != null) {
        sequence.write(row.docId, row.part, row.ids, row.count, row.mask);
      }
      rows++;
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

  /**
   * The number of ids before the text of a row: 1 for the token that hasBeginOfDocument a document.
   */
  private int idsBeforeText(ShardRow row) {
    return hasBeginOfDocument && row.part == 0 ? 1 : 0;
  }

  /** Whether the last id is the one that ends documents; it may be text nevertheless. */
  private boolean endsInEndOfDocument(ShardRow row) {
    return row.count > idsBeforeText(row) && row.ids[row.count - 1] == endOfDocument;
  }

  /**
   * Pools the ids of the text of a row.
   *
   * @param hasEnd whether the last id is no text
   */
  private void pool(ShardRow row, boolean hasEnd, Pooling pool, PooledWriter pooled)
      throws IOException {
    int first = idsBeforeText(row);
    int end = hasEnd ? row.count - 1 : row.count;
    int[] ids = first == 0 ? row.ids : Arrays.copyOfRange(row.ids, first, end);
    pool.pool(ids, end - first, mean);
    pooled.write(row.docId, row.part, end - first, mean);
  }
}
