package org.merganser.pipeline.measure;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.merganser.output.WrittenFile;
import org.merganser.output.receipt.UnitReceipt;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.output.receipt.Receipts;
import org.merganser.pipeline.output.receipt.ShardSet;
import org.merganser.pipeline.spec.RunSpec;
import org.merganser.pipeline.worker.LocalFiles;
import org.merganser.report.measure.DocumentPlace;
import org.merganser.report.measure.TextCounts;
import org.merganser.report.statistics.UnusualDocuments;
import org.merganser.shard.ShardReader;
import org.merganser.shard.ShardRow;
import org.merganser.tokenizer.Tokenizer;

/** Finds a document of each of the most frequent texts, in the shards of the run. */
final class RepeatedTexts {
  /** The ids that are decoded: enough for the text that is shown, if tokens have one byte. */
  private static final int DECODED_IDS = 400;

  private final RunSpec spec;
  private final Tokenizer tokenizer;

  /** The location of the receipt of each unit. */
  private final Map<Integer, String> receipts;

  RepeatedTexts(RunSpec spec, Tokenizer tokenizer, Map<Integer, String> receipts) {
    this.spec = spec;
    this.tokenizer = tokenizer;
    this.receipts = receipts;
  }

  /** The most frequent texts, each with the name of its first document. */
  List<UnusualDocuments.Text> named(TextCounts.Copies copies) throws IOException {
    List<UnusualDocuments.Text> named = new ArrayList<>();
    for (TextCounts.Repeated text : copies.mostFrequent()) {
      if (named.size() == UnusualDocuments.NAMED) {
        break;
      }
      named.add(named(text));
    }
    return named;
  }

  private UnusualDocuments.Text named(TextCounts.Repeated text) throws IOException {
    DocumentPlace place = text.place();
    String location = String.valueOf(receipts.get(place.unit()));
    UnitReceipt receipt = Receipts.read(location);
    String file = UnitSample.files(receipt).get(place.file());
    ShardRow row = row(receipt, file, place.offset());
    if (row == null) {
      throw new RunException(
          "%s has no document of %s at byte %s, which was counted; run again"
              .formatted(location, file, place.offset()));
    }
    return new UnusualDocuments.Text(
        text.documents(), text.oneIn(), row.docId, file, row.offset, text(row));
  }

  /** The first row of a document for training in the shards of a unit; null if there is none. */
  private @Nullable ShardRow row(UnitReceipt receipt, String file, long offset) throws IOException {
    ShardRow row = new ShardRow();
    for (WrittenFile shard : receipt.files()) {
      if (shard.path().startsWith(ShardSet.TRAINING) && shard.path().endsWith(".parquet")) {
        Path local = LocalFiles.of(Receipts.locate(spec.paths(), shard));
        try (ShardReader in = new ShardReader(local)) {
          while (in.next(row)) {
            if (row.offset == offset && row.file.equals(file)) {
              return row;
            }
          }
        }
      }
    }
    return null;
  }

  /** The beginning of the text; null if the job wants no text of documents. */
  private @Nullable String text(ShardRow row) {
    return spec.job().report().documents() == 0
        ? null
        : tokenizer.decode(Arrays.copyOf(row.ids, Math.min(row.count, DECODED_IDS)), true);
  }
}
