package org.merganser.pipeline.join;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.merganser.dataset.UnitReceipt;
import org.merganser.dataset.WrittenFile;
import org.merganser.embedding.EmbeddingTable;
import org.merganser.embedding.EmbeddingTableWriter;
import org.merganser.embedding.PooledWriter;
import org.merganser.embedding.Pooling;
import org.merganser.embedding.SequenceWriter;
import org.merganser.job.Job;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.Fingerprint;
import org.merganser.pipeline.output.OutputLayout;
import org.merganser.pipeline.output.Receipts;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.output.ShardSet;
import org.merganser.pipeline.step.JobComponents;
import org.merganser.pipeline.step.LayoutPlan;
import org.merganser.pipeline.step.LocalFiles;
import org.merganser.pipeline.step.RunSpec;
import org.merganser.pipeline.step.Stage;
import org.merganser.pipeline.step.StageMeter;
import org.merganser.pipeline.step.WorkerTables;
import org.merganser.pipeline.step.WorkerTokenizers;
import org.merganser.shard.ParquetShardReader;
import org.merganser.shard.ShardRow;
import org.merganser.store.FileStore;

/** Joins the shards of a unit with the table: a pooled and a sequence file for each shard. */
final class UnitJoiner {
  private final RunSpec spec;
  private final Job.Embeddings embeddings;
  private final EmbeddingTable table;
  private final @Nullable Pooling pooling;
  private final float[] mean;
  private final String fingerprint;
  private final Map<String, String> metadata;

  /** Maps the table, once a JVM. */
  UnitJoiner(RunSpec spec, FileRef ref, FileRef tableRef) {
    this.spec = spec;
    this.embeddings = JobComponents.embeddings(spec.job());
    this.table = WorkerTables.get(tableRef);
    int endOfDocument = JobComponents.endOfDocument(spec.job(), WorkerTokenizers.get(ref));
    boolean pools = embeddings.output().contains(Job.EmbeddedOutput.POOLED);
    this.pooling = pools ? new Pooling(table, endOfDocument) : null;
    this.mean = new float[table.dim()];
    this.fingerprint =
        Fingerprint.of(
            "join",
            table.sha256(),
            ref.sha256(),
            endOfDocument,
            embeddings.output(),
            embeddings.dtype());
    this.metadata = metadata(ref, table);
  }

  /**
   * A joiner of units whose sequences take no more than the job allows.
   *
   * @param ids how often each id occurs in all units
   * @throws RunException when they take more
   */
  static UnitJoiner whereThereIsRoom(RunSpec spec, FileRef ref, FileRef tableRef, FileRef ids)
      throws IOException {
    JoinEmbeddings.requireRoom(
        JobComponents.embeddings(spec.job()),
        CountIds.read(ids).total(),
        WorkerTables.get(tableRef).dim());
    return new UnitJoiner(spec, ref, tableRef);
  }

  /** What every embedded file says of itself. */
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

  /** Joins a unit, or finds that it was joined before; returns the location of its receipt. */
  String join(ShardSet shards) throws IOException {
    StageMeter meter = StageMeter.of(spec.layout(), Stage.JOIN);
    OutputLayout layout = spec.layout();
    String unitFingerprint = Fingerprint.of(fingerprint, shards.sums());
    if (Receipts.find(layout, unitFingerprint, shards.unit()) != null) {
      meter.unitSkipped();
    } else {
      try {
        joinAnew(shards, unitFingerprint);
      } catch (IOException e) {
        throw RunException.cannotWrite(layout.root(), "the join of unit " + shards.unit(), e);
      }
      meter.unitDone();
    }
    return layout.at(UnitReceipt.path(unitFingerprint, shards.unit()));
  }

  private void joinAnew(ShardSet shards, String unitFingerprint) throws IOException {
    OutputLayout layout = spec.layout();
    List<WrittenFile> done = new ArrayList<>();
    for (ShardSet side : List.of(shards.training(), shards.validation())) {
      for (int i = 0; i < side.shards().size(); i++) {
        ShardSet.Shard shard = side.shards().get(i);
        joinShard(
            shard,
            layout.pooled(shard.validation(), shards.unit(), i),
            layout.sequence(shard.validation(), shards.unit(), i),
            done);
      }
    }
    Receipts.publish(layout, shards.unit(), "join", unitFingerprint, done, null);
  }

  private void joinShard(
      ShardSet.Shard source, String pooledPath, String sequencePath, List<WrittenFile> done)
      throws IOException {
    try (ParquetShardReader shard = new ParquetShardReader(LocalFiles.of(source.location()));
        Written pooled = pooling == null ? null : new Written(pooledPath);
        Written sequence =
            embeddings.output().contains(Job.EmbeddedOutput.SEQUENCE)
                ? new Written(sequencePath)
                : null) {
      try (PooledWriter pools = pooled == null ? null : new PooledWriter(pooled.file(), metadata);
          SequenceWriter tokens =
              sequence == null
                  ? null
                  : new SequenceWriter(
                      sequence.file(),
                      table,
                      JobComponents.floatType(embeddings),
                      LayoutPlan.of(spec).masked(),
                      metadata)) {
        rows(shard, pooled, pools, sequence, tokens);
      }
      if (pooled != null) {
        done.add(pooled.publish());
      }
      if (sequence != null) {
        done.add(sequence.publish());
      }
    }
  }

  private void rows(
      ParquetShardReader shard,
      @Nullable Written pooled,
      @Nullable PooledWriter pools,
      @Nullable Written sequence,
      @Nullable SequenceWriter tokens)
      throws IOException {
    StageMeter meter = StageMeter.of(spec.layout(), Stage.JOIN);
    ShardRow row = new ShardRow();
    while (shard.next(row)) {
      int begun = row.part == 0 ? 1 : 0;
      if (pooling != null && pooled != null && pools != null) {
        int pooledIds = pooling.pool(row.ids, row.count, mean);
        pools.write(row.docId, row.part, pooledIds, mean);
        pooled.documents += begun;
      }
      if (sequence != null && tokens != null) {
        tokens.write(row.docId, row.part, row.ids, row.count, row.mask);
        sequence.documents += begun;
        sequence.tokens += row.count;
      }
      meter.add(1, 0, row.count);
    }
  }

  /** A file that is being written. */
  private final class Written implements AutoCloseable {
    private final String path;
    private final FileStore.Draft draft;
    long documents;
    long tokens;

    Written(String path) throws IOException {
      this.path = path;
      String location = spec.layout().at(path);
      this.draft = FileStore.of(location).draft(location);
    }

    Path file() {
      return draft.file();
    }

    WrittenFile publish() throws IOException {
      WrittenFile written = WrittenFile.of(draft.file(), path, documents, tokens);
      draft.publish();
      return written;
    }

    @Override
    public void close() throws IOException {
      draft.close();
    }
  }
}
