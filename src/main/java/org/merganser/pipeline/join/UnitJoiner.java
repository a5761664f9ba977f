package org.merganser.pipeline.join;

import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.merganser.embedding.EmbeddedSequenceWriter;
import org.merganser.embedding.EmbeddingTable;
import org.merganser.embedding.EmbeddingTableWriter;
import org.merganser.embedding.PooledWriter;
import org.merganser.embedding.Pooling;
import org.merganser.job.Job;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.OutputLayout;
import org.merganser.pipeline.output.ShardSet;
import org.merganser.pipeline.output.UnitFiles;
import org.merganser.pipeline.step.JobComponents;
import org.merganser.pipeline.step.LayoutPlan;
import org.merganser.pipeline.step.RunSpec;
import org.merganser.pipeline.step.Stage;
import org.merganser.pipeline.step.StageMeter;
import org.merganser.pipeline.step.UnitWork;
import org.merganser.pipeline.worker.LocalFiles;
import org.merganser.pipeline.worker.WorkerTables;
import org.merganser.pipeline.worker.WorkerTokenizers;
import org.merganser.shard.ShardReader;
import org.merganser.shard.ShardRow;

/** Joins the shards of a unit with the table: writes a pooled and a sequence file for each. */
final class UnitJoiner {
  private final RunSpec spec;
  private final Job.Embeddings embeddings;
  private final EmbeddingTable table;
  private final @Nullable Pooling pooling;
  private final float[] mean;
  private final FileRef ref;
  private final Map<String, String> metadata;

  /** Maps the table, once in each JVM. */
  UnitJoiner(RunSpec spec, FileRef ref, FileRef tableRef) {
    this.spec = spec;
    this.embeddings = JobComponents.embeddings(spec.job());
    this.table = WorkerTables.get(tableRef);
    int endOfDocument = JobComponents.endOfDocument(spec.job(), WorkerTokenizers.get(ref));
    boolean pools = embeddings.output().contains(Job.EmbeddedOutput.POOLED);
    this.pooling = pools ? new Pooling(table, endOfDocument) : null;
    this.mean = new float[table.dim()];
    this.ref = ref;
    this.metadata = metadata(ref, table);
  }

  /**
   * A joiner of units, after a check that their sequences fit into the job's limit.
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

  /** The metadata of every embedded file. */
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

  /** Joins a unit, unless it was joined before; returns the location of its receipt. */
  String join(ShardSet shards) throws IOException {
    UnitWork work =
        spec.work(Stage.JOIN, "join", shards.unit(), table.sha256(), ref.sha256(), shards.sums());
    return work.make(files -> join(shards, files));
  }

  private void join(ShardSet shards, UnitFiles files) throws IOException {
    OutputLayout layout = spec.layout();
    int training = 0;
    int validation = 0;
    for (ShardSet.Shard shard : shards.shards()) {
      int number = shard.validation() ? validation++ : training++;
      join(
          shard,
          layout.pooled(shard.validation(), shards.unit(), number),
          layout.sequence(shard.validation(), shards.unit(), number),
          files);
    }
  }

  private void join(ShardSet.Shard source, String pooledPath, String sequencePath, UnitFiles files)
      throws IOException {
    StageMeter meter = StageMeter.of(spec.layout(), Stage.JOIN);
    boolean sequences = embeddings.output().contains(Job.EmbeddedOutput.SEQUENCE);
    long documents = 0;
    long ids = 0;
    try (ShardReader shard = new ShardReader(LocalFiles.of(source.location()));
        PooledWriter pooled =
            pooling == null ? null : new PooledWriter(files.begin(pooledPath), metadata);
        EmbeddedSequenceWriter sequence =
            sequences
                ? new EmbeddedSequenceWriter(
                    files.begin(sequencePath),
                    table,
                    JobComponents.floatType(embeddings),
                    LayoutPlan.of(spec).masked(),
                    metadata)
                : null) {
      ShardRow row = new ShardRow();
      while (shard.next(row)) {
        documents += row.part == 0 ? 1 : 0;
        ids += row.count;
        if (pooling != null && pooled != null) {
          pooled.write(row.docId, row.part, pooling.pool(row.ids, row.count, mean), mean);
        }
        if (sequence != null) {
          sequence.write(row.docId, row.part, row.ids, row.count, row.mask);
        }
        meter.add(1, 0, row.count);
      }
    }
    if (pooling != null) {
      files.finish(pooledPath, documents, 0);
    }
    if (sequences) {
      files.finish(sequencePath, documents, ids);
    }
  }
}
