package org.merganser.pipeline;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.merganser.embedding.EmbeddingTable;
import org.merganser.embedding.EmbeddingTableWriter;
import org.merganser.embedding.PooledWriter;
import org.merganser.embedding.Pooling;
import org.merganser.job.Job;
import org.merganser.shard.IdHistogram;
import org.merganser.shard.ParquetShardReader;
import org.merganser.shard.ShardRow;
import org.merganser.shard.UnitReceipt;
import org.merganser.shard.WrittenFile;
import org.merganser.store.FileStore;
import org.merganser.tokenizer.Tokenizer;

/** Joins the shards of a unit with the table: a pooled file for each shard, and counts of ids. */
final class UnitJoiner {
  private final RunSpec spec;
  private final boolean pools;
  private final EmbeddingTable table;
  private final Pooling pooling;
  private final float[] vector;
  private final String fingerprint;
  private final Map<String, String> metadata;

  /** Maps the table, once a JVM. */
  UnitJoiner(RunSpec spec, TokenizerRef ref) {
    this.spec = spec;
    Job.Embeddings embeddings = CoreParts.embeddings(spec.job());
    this.pools = embeddings.output().contains(Job.EmbeddedOutput.POOLED);
    this.table = WorkerTables.get(spec);
    Tokenizer tokenizer = WorkerTokenizers.get(ref);
    int endOfDocument = CoreParts.endOfDocument(spec.job(), tokenizer);
    this.pooling = new Pooling(table, endOfDocument, false);
    this.vector = new float[table.dim()];
    this.fingerprint = Fingerprint.of("join", table.sha256(), ref.sha256(), endOfDocument, pools);
    this.metadata = metadata(ref, table);
  }

  /** What every embedded file says of itself. */
  static Map<String, String> metadata(TokenizerRef ref, EmbeddingTable table) {
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
    StageMeter meter = StageMeter.of(Stage.JOIN);
    meter.begin();
    String unitFingerprint = Fingerprint.of(fingerprint, shards.sums());
    UnitReceipt receipt = Receipts.find(spec.layout(), unitFingerprint, shards.unit());
    if (receipt == null) {
      try {
        receipt = joinAnew(shards, unitFingerprint);
      } catch (IOException e) {
        throw RunException.cannotWrite(
            spec.layout().root(), "the join of unit " + shards.unit(), e);
      }
      meter.unitDone();
    } else {
      meter.unitSkipped();
    }
    return spec.layout().at(UnitReceipt.path(receipt.fingerprint(), receipt.unit()));
  }

  private UnitReceipt joinAnew(ShardSet shards, String unitFingerprint) throws IOException {
    IdHistogram histogram = new IdHistogram();
    List<WrittenFile> files = new ArrayList<>();
    int[] subParts = new int[2];
    for (ShardSet.Shard source : shards.shards()) {
      try (ParquetShardReader shard = new ParquetShardReader(LocalFiles.of(source.location()))) {
        if (pools) {
          String path =
              source.validation()
                  ? spec.layout().validationPooled(shards.unit(), subParts[1]++)
                  : spec.layout().pooled(shards.unit(), subParts[0]++);
          String location = spec.layout().at(path);
          try (FileStore.Draft draft = FileStore.of(location).draft(location)) {
            long documents;
            try (PooledWriter writer = new PooledWriter(draft.file(), metadata)) {
              documents = pool(shard, writer, histogram);
            }
            files.add(WrittenFile.of(draft.file(), path, documents, 0));
            draft.publish();
          }
        } else {
          count(shard, histogram);
        }
      }
    }
    UnitReceipt receipt =
        new UnitReceipt(
            shards.unit(),
            "join",
            unitFingerprint,
            files,
            List.of(),
            new TreeMap<>(),
            Receipts.publishHistogram(spec.layout(), unitFingerprint, shards.unit(), histogram));
    Receipts.publish(spec.layout(), receipt);
    return receipt;
  }

  /** A row for each document; the parts of one that was cut follow each other and are one row. */
  private long pool(ParquetShardReader shard, PooledWriter writer, IdHistogram histogram)
      throws IOException {
    StageMeter meter = StageMeter.of(Stage.JOIN);
    ShardRow row = new ShardRow();
    String open = null;
    long documents = 0;
    while (shard.next(row)) {
      if (open == null || row.part == 0 || !row.docId.equals(open)) {
        if (open != null) {
          pooling.end(vector);
          writer.write(open, vector);
        }
        open = row.docId;
        pooling.begin();
        documents++;
      }
      pooling.add(row.ids, row.count);
      histogram.addAll(row.ids, row.count);
      meter.add(1, 0, row.count);
    }
    if (open != null) {
      pooling.end(vector);
      writer.write(open, vector);
    }
    return documents;
  }

  private static void count(ParquetShardReader shard, IdHistogram histogram) throws IOException {
    ShardRow row = new ShardRow();
    while (shard.next(row)) {
      histogram.addAll(row.ids, row.count);
    }
  }
}
