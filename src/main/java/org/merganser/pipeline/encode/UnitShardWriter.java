package org.merganser.pipeline.encode;

import java.io.IOException;
import org.merganser.bpe.IdBuffer;
import org.merganser.corpus.Document;
import org.merganser.corpus.Selection;
import org.merganser.dataset.IdHistogram;
import org.merganser.dataset.UnitReceipt;
import org.merganser.dataset.WrittenFile;
import org.merganser.pipeline.output.OutputLayout;
import org.merganser.pipeline.output.Receipts;
import org.merganser.shard.ShardRow;
import org.merganser.tokenizer.Encoder;

/** A unit while it is encoded: its documents go into shards. */
final class UnitShardWriter extends UnitOutput {
  private final Encoder encoder;
  private final int endOfDocument;
  private final boolean anyBytes;
  private final Observer observer;

  private final IdHistogram histogram = new IdHistogram();
  private final IdBuffer ids = new IdBuffer(1 << 16);
  private final ShardRow row = new ShardRow();
  private final ShardSeries training;
  private final ShardSeries validation;

  /**
   * @param endOfDocument id appended to each document, -1 for none
   * @param anyBytes whether documents may be ill-formed UTF-8
   * @param maxTokens of each shard
   * @param documents begins a shard
   * @param observer of the documents in the order in which they are encoded
   */
  UnitShardWriter(
      OutputLayout layout,
      int unit,
      String fingerprint,
      Encoder encoder,
      int endOfDocument,
      boolean anyBytes,
      long maxTokens,
      ShardSeries.Writers documents,
      Observer observer) {
    super(layout, unit, fingerprint, UnitReceipt.ENCODE);
    this.encoder = encoder;
    this.endOfDocument = endOfDocument;
    this.anyBytes = anyBytes;
    this.observer = observer;
    this.training =
        new ShardSeries(layout, subPart -> layout.shard(unit, subPart), maxTokens, documents);
    this.validation =
        new ShardSeries(
            layout, subPart -> layout.validationShard(unit, subPart), maxTokens, documents);
  }

  /** Sees the documents of a unit, or the parts of those that were cut, with their ids. */
  @FunctionalInterface
  interface Observer {
    /** The row is only lent. */
    void encoded(ShardRow row, boolean validation);
  }

  @Override
  void encode(Document document) {
    ids.clear();
    if (anyBytes) {
      encoder.encodeBytes(document.text, document.from, document.to, ids);
    } else {
      encoder.encode(document.text, document.from, document.to, ids);
    }
  }

  @Override
  long put(Document document) throws IOException {
    if (endOfDocument >= 0 && document.lastPart) {
      ids.add(endOfDocument);
    }
    fillRow(document);
    boolean isValidation = document.selection == Selection.VALIDATION;
    if (isValidation) {
      validation.write(row, drafts, files);
    } else {
      training.write(row, drafts, files);
      histogram.addAll(ids.ids(), ids.size());
    }
    observer.encoded(row, isValidation);
    return ids.size();
  }

  private void fillRow(Document document) {
    row.docId = document.id;
    row.file = document.file;
    row.offset = document.offset;
    row.part = document.part;
    row.group = document.group;
    row.kept = document.kept;
    row.ids = ids.ids();
    row.count = ids.size();
  }

  @Override
  WrittenFile finish() throws IOException {
    training.finish(files);
    validation.finish(files);
    return Receipts.publishHistogram(layout, fingerprint, unit, histogram);
  }

  @Override
  public void close() throws IOException {
    try {
      training.close();
      validation.close();
    } finally {
      super.close();
    }
  }
}
