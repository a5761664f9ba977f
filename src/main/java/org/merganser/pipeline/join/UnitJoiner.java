package org.merganser.pipeline.join;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
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
import org.merganser.output.OutputListing;
import org.merganser.output.WrittenFile;
import org.merganser.output.receipt.UnitReceipt;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.output.receipt.Receipts;
import org.merganser.pipeline.output.receipt.ShardSet;
import org.merganser.pipeline.output.receipt.UnitFiles;
import org.merganser.pipeline.progress.RunProgress;
import org.merganser.pipeline.progress.StageMeter;
import org.merganser.pipeline.spec.RunKind;
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
 * Joins the shards of a unit with the table: writes a pooled and a sequence file for each. Each id
 * has a row, since {@link WorkerTables} has checked the table against the vocabulary before.
 */
public final class UnitJoiner {
  private final RunSpec spec;
  private final Job.Embeddings embeddings;
  private final EmbeddingTable table;

  /** Whether documents begin with an id that is no text. */
  private final boolean begins;

  /** -1 if documents do not end with an id. */
  private final int endOfDocument;

  /** Null if the job asks for no pooled vectors. */
  private final @Nullable Pooling pooling;

  /** The vector of the current row. */
  private final float[] mean;

  private final FileRef ref;
  private final Map<String, String> metadata;

  /** Receipts of encoding by the sums of their shards; null before the first look-up. */
  private @Nullable Map<List<String>, UnitReceipt> earlier;

  /**
   * @param ref the tokenizer.json
   */
  UnitJoiner(RunSpec spec, FileRef ref, FileRef tableRef) {
    this.spec = spec;
    this.embeddings = spec.job().requireEmbeddings();
    this.table = WorkerTables.get(tableRef);
    this.begins = spec.job().shards().beginOfDocument() != null;
    this.endOfDocument = DocumentTokens.endOfDocument(spec.job(), WorkerTokenizers.get(ref));
    boolean pools = embeddings.output().contains(Job.EmbeddedOutput.POOLED);
    this.pooling = pools ? new Pooling(table) : null;
    this.mean = new float[table.dim()];
    this.ref = ref;
    this.metadata = metadata(ref, table);
  }

  /**
   * A joiner that writes sequences.
   *
   * @param ids the occurrences of each id in all units
   * @throws RunException if the sequences take more than the job allows
   */
  static UnitJoiner withRoom(RunSpec spec, FileRef ref, FileRef tableRef, FileRef ids)
      throws IOException {
    requireRoom(
        spec.job().requireEmbeddings(),
        CountIds.read(ids).total(),
        WorkerTables.get(tableRef).dim());
    return new UnitJoiner(spec, ref, tableRef);
  }

  /**
   * Checks the size of embedded sequences.
   *
   * @param tokens of all documents
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
  static Map<String, String> metadata(FileRef ref, EmbeddingTable table) {
    return new TreeMap<>(
        Map.of(
            EmbeddingTableWriter.TOKENIZER_SHA256,
            ref.sha256(),
            "merganser.table.sha256",
            table.sha256(),
            EmbeddingTableWriter.DIM,
            Integer.toString(table.dim())));
  }

  /** Joins the shards of a unit, unless it is done; returns the location of the receipt. */
  String join(ShardSet shards) throws IOException {
    Set<String> textEnds = pooling == null || endOfDocument < 0 ? Set.of() : textEnds(shards);
    ResumableUnit work =
        ResumableUnit.of(
            spec,
            Stage.JOIN,
            "join",
            shards.unit(),
            "by ids", // the definition of the mean
            table.sha256(),
            ref.sha256(),
            shards.sums(),
            new TreeSet<>(textEnds));
    return work.make(files -> join(shards, textEnds, files));
  }

  /**
   * The rows whose last id is that of endOfDocument and is text, as listed in the receipt of
   * encoding: the shards do not show whether another part followed. Empty without a receipt (the
   * folder run of an earlier run is gone).
   */
  private Set<String> textEnds(ShardSet shards) throws IOException {
    UnitReceipt encoded =
        shards.receipt().isEmpty() ? earlier().get(shards.sums()) : Receipts.read(shards.receipt());
    return encoded == null ? Set.of() : Set.copyOf(encoded.textEnds());
  }

  /** Reads the receipts of encoding once; only those with ends that are text. */
  private Map<List<String>, UnitReceipt> earlier() throws IOException {
    Map<List<String>, UnitReceipt> known = earlier;
    if (known == null) {
      known = new HashMap<>();
      OutputPaths run = runWithReceipts();
      for (String path : OutputListing.list(run.root(), OutputPaths.UNITS)) {
        UnitReceipt receipt = path.endsWith(".json") ? Receipts.readable(run.at(path)) : null;
        if (receipt != null && !receipt.textEnds().isEmpty()) {
          List<WrittenFile> shards =
              receipt.files().stream().filter(file -> file.path().endsWith(".parquet")).toList();
          known.put(ShardSet.of(receipt.unit(), shards, run::at, "").sums(), receipt);
        }
      }
      earlier = known;
    }
    return known;
  }

  /** The run that encoded the shards, whose receipts list the ends that are text. */
  private OutputPaths runWithReceipts() {
    return spec.kind() instanceof RunKind.FromShards run
        ? run.earlier().get(0)
        : spec.paths().output();
  }

  private void join(ShardSet shards, Set<String> textEnds, UnitFiles files) throws IOException {
    int training = 0;
    int validation = 0;
    for (ShardSet.Shard shard : shards.shards()) {
      int number = shard.validation() ? validation++ : training++;
      join(shard, shards.unit(), number, textEnds, files);
    }
  }

  /**
   * @param number of the shard in the unit, on its side of the split
   */
  private void join(
      ShardSet.Shard source, int unit, int number, Set<String> textEnds, UnitFiles files)
      throws IOException {
    String pooledPath = OutputPaths.pooled(source.validation(), unit, number);
    String sequencePath = OutputPaths.sequence(source.validation(), unit, number);
    StageMeter meter = RunProgress.meter(spec.paths(), Stage.JOIN);
    long rows = 0;
    long documents = 0;
    long tokens = 0;
    try (ShardReader shard = new ShardReader(LocalFiles.of(source.location()));
        PooledWriter pooled =
            pooling == null ? null : new PooledWriter(files.begin(pooledPath), metadata);
        EmbeddedSequenceWriter sequence = newSequenceWriter(sequencePath, files)) {
      ShardRow row = new ShardRow();
      while (shard.next(row)) {
        if (pooling != null && pooled != null) {
          boolean hasEnd =
              endsInEndOfDocument(row)
                  && !textEnds.contains(UnitReceipt.textEnd(source.path(), rows));
          pool(row, hasEnd, pooling, pooled);
        }
        if (sequence != null) {
          sequence.write(row.docId, row.part, row.ids, row.count, row.mask);
        }
        rows++;
        if (row.part == 0) {
          documents++;
        }
        tokens += row.count;
        meter.add(1, 0, row.count);
      }
      if (pooled != null) {
        files.finish(pooledPath, pooled.finish(), documents, 0);
      }
      if (sequence != null) {
        files.finish(sequencePath, sequence.finish(), documents, tokens);
      }
    }
  }

  /** Null if the job asks for no sequences. */
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

  private int idsBeforeText(ShardRow row) {
    return begins && row.part == 0 ? 1 : 0;
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
