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
import org.merganser.store.CheckedFile;
import org.merganser.store.FileStore;
import org.merganser.tokenizer.Tokenizer;

/** Joins the shards of a unit with the table: a pooled and a sequence file for each shard. */
final class UnitJoiner {
  private final RunSpec spec;
  private final Job.Embeddings embeddings;
  private final EmbeddingTable table;
  private final JoinInputs inputs;
  private final @Nullable Pooling pooling;
  private final boolean raw;
  private final String fingerprint;
  private final Map<String, String> metadata;

  /** Maps the table, once a JVM. */
  UnitJoiner(RunSpec spec, FileRef ref, JoinInputs inputs) throws IOException {
    this.spec = spec;
    this.inputs = inputs;
    this.embeddings = JobComponents.embeddings(spec.job());
    this.table = WorkerTables.get(inputs.table());
    Tokenizer tokenizer = WorkerTokenizers.get(ref);
    int endOfDocument = JobComponents.endOfDocument(spec.job(), tokenizer);
    boolean pools = embeddings.output().contains(Job.EmbeddedOutput.POOLED);
    this.raw = JobComponents.removesComponent(embeddings);
    this.pooling = pools ? pooling(spec, ref, inputs, table) : null;
    this.fingerprint =
        Fingerprint.of(
            "join",
            table.sha256(),
            ref.sha256(),
            endOfDocument,
            embeddings.output(),
            embeddings.pooling(),
            embeddings.sifSmoothing(),
            raw,
            embeddings.normalize(),
            embeddings.dtype(),
            embeddings.pooling() == Job.Pooling.SIF ? inputs.countsSha256() : "",
            inputs.continuedTraining(),
            inputs.continuedValidation());
    this.metadata = metadata(ref, table);
  }

  /** How the job pools; vectors that still hold the first component are not normalized yet. */
  static Pooling pooling(RunSpec spec, FileRef ref, JoinInputs inputs, EmbeddingTable table)
      throws IOException {
    Job.Embeddings embeddings = JobComponents.embeddings(spec.job());
    int end = JobComponents.endOfDocument(spec.job(), WorkerTokenizers.get(ref));
    double[] weights =
        embeddings.pooling() == Job.Pooling.SIF
            ? Pooling.smoothInverseFrequency(
                inputs.histogram(), table.rows(), end, embeddings.sifSmoothing())
            : null;
    boolean normalize = embeddings.normalize() && !JobComponents.removesComponent(embeddings);
    return new Pooling(table, end, normalize, weights);
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

  /** Joins a unit, or finds that it was joined before. */
  JoinedUnit join(ShardSet shards) throws IOException {
    StageMeter meter = StageMeter.of(spec.layout(), Stage.JOIN);
    OutputLayout layout = spec.layout();
    String unitFingerprint = Fingerprint.of(fingerprint, shards.sums());
    String rawFingerprint = Fingerprint.of("raw", unitFingerprint);
    boolean parted =
        !inputs.continuedTraining().isEmpty() || !inputs.continuedValidation().isEmpty();
    String parts =
        layout.at(layout.pooledParts(shards.fingerprint(), unitFingerprint, shards.unit()));
    if (Receipts.find(layout, unitFingerprint, shards.unit()) != null
        && (!raw || Receipts.find(layout, rawFingerprint, shards.unit()) != null)
        && (!parted || CheckedFile.isWhole(parts))) {
      meter.unitSkipped();
    } else {
      try {
        joinAnew(shards, unitFingerprint, rawFingerprint, parted ? parts : null);
      } catch (IOException e) {
        throw RunException.cannotWrite(layout.root(), "the join of unit " + shards.unit(), e);
      }
      meter.unitDone();
    }
    return new JoinedUnit(
        shards.unit(),
        layout.at(UnitReceipt.path(unitFingerprint, shards.unit())),
        raw ? layout.at(UnitReceipt.path(rawFingerprint, shards.unit())) : null,
        parted ? parts : null);
  }

  private void joinAnew(
      ShardSet shards, String unitFingerprint, String rawFingerprint, @Nullable String partsAt)
      throws IOException {
    OutputLayout layout = spec.layout();
    PartialDocumentSums parts = new PartialDocumentSums();
    List<WrittenFile> done = new ArrayList<>();
    List<WrittenFile> rawFiles = new ArrayList<>();
    String from = shards.fingerprint();
    for (ShardSet side : List.of(shards.training(), shards.validation())) {
      boolean validation = side.shards().stream().anyMatch(ShardSet.Shard::validation);
      for (int i = 0; i < side.shards().size(); i++) {
        String pooled =
            raw
                ? layout.rawPooled(from, rawFingerprint, validation, shards.unit(), i)
                : layout.pooled(validation, shards.unit(), i);
        joinShard(
            side,
            i,
            validation,
            pooled,
            layout.sequence(validation, shards.unit(), i),
            parts,
            raw ? rawFiles : done,
            done);
      }
    }
    if (partsAt != null) {
      CheckedFile.publish(partsAt, parts.toBytes());
    }
    if (raw) {
      Receipts.publish(layout, shards.unit(), "raw", rawFingerprint, rawFiles, null);
    }
    Receipts.publish(layout, shards.unit(), "join", unitFingerprint, done, null);
  }

  private void joinShard(
      ShardSet side,
      int index,
      boolean validation,
      String pooledPath,
      String sequencePath,
      PartialDocumentSums parts,
      List<WrittenFile> pooledFiles,
      List<WrittenFile> sequenceFiles)
      throws IOException {
    ShardSet.Shard source = side.shards().get(index);
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
        DocumentPools documents =
            pools == null || pooled == null || pooling == null
                ? null
                : new DocumentPools(
                    pooling,
                    table.dim(),
                    validation ? inputs.continuedValidation() : inputs.continuedTraining(),
                    new DocumentPools.Sink() {
                      @Override
                      public void document(String docId, float[] vector) throws IOException {
                        pools.write(docId, vector);
                        pooled.documents++;
                      }

                      @Override
                      public void part(String docId, int first, Pooling.Part part) {
                        parts.add(validation, docId, first, part);
                      }
                    });
        rows(shard, documents, sequence, tokens, side.endsGroup(index));
      }
      if (pooled != null) {
        pooledFiles.add(pooled.publish());
      }
      if (sequence != null) {
        sequenceFiles.add(sequence.publish());
      }
    }
  }

  private void rows(
      ParquetShardReader shard,
      @Nullable DocumentPools documents,
      @Nullable Written sequence,
      @Nullable SequenceWriter tokens,
      boolean lastOfUnit)
      throws IOException {
    StageMeter meter = StageMeter.of(spec.layout(), Stage.JOIN);
    ShardRow row = new ShardRow();
    while (shard.next(row)) {
      if (documents != null) {
        documents.add(row);
      }
      if (sequence != null && tokens != null) {
        tokens.write(row.docId, row.part, row.ids, row.count, row.mask);
        sequence.documents += row.part == 0 ? 1 : 0;
        sequence.tokens += row.count;
      }
      meter.add(1, 0, row.count);
    }
    if (documents != null) {
      documents.endShard(lastOfUnit);
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
