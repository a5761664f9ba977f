package org.merganser.pipeline.measure;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
  /** The ids that are decoded at most: enough for the text that is shown, if tokens have a byte. */
  private static final int DECODED_IDS = 400;

  private final RunSpec spec;
  private final Tokenizer tokenizer;

  /** The location of the receipt of each unit, by the number of the unit. */
  private final Map<Integer, String> receipts;

  RepeatedTexts(RunSpec spec, Tokenizer tokenizer, Map<Integer, String> receipts) {
    this.spec = spec;
    this.tokenizer = tokenizer;
    this.receipts = receipts;
  }

  /** The most frequent texts, each with the name and the text of its first document. */
  List<UnusualDocuments.Text> find(TextCounts.Copies copies) throws IOException {
    List<UnusualDocuments.Text> found = new ArrayList<>();
    for (TextCounts.Repeated text : copies.mostFrequent()) {
      if (found.size() == UnusualDocuments.NAMED) {
        break;
      }
      found.add(withDocument(text));
    }
    return found;
  }

  /**
   * A frequent text with the name of the document at its place.
   *
   * @throws RunException if there is no such document in the shards
   */
  private UnusualDocuments.Text withDocument(TextCounts.Repeated text) throws IOException {
    DocumentPlace place = text.place();
    String location = Objects.requireNonNull(receipts.get(place.unit()), "a unit was counted");
    UnitReceipt receipt = Receipts.read(location);
    String file = UnitSample.files(receipt).get(place.file());
    ShardRow row = firstRow(receipt, file, place.offset());
    if (row == null) {
      throw new RunException(
          "%s has no document of %s at byte %s, which was counted; run again"
              .formatted(location, file, place.offset()));
    }
    return new UnusualDocuments.Text(
        text.documents(), text.oneIn(), row.docId, file, row.offset, shownText(row));
  }

  /**
   * The first row of a document for training in the shards of a unit; null if there is none.
   *
   * @param offset the place of the document in its file, in bytes
   */
  private @Nullable ShardRow firstRow(UnitReceipt receipt, String file, long offset)
      throws IOException {
    for (WrittenFile shard : receipt.files()) {
      if (shard.path().startsWith(ShardSet.TRAINING) && shard.path().endsWith(".parquet")) {
        Path local = LocalFiles.of(Receipts.locate(spec.paths(), shard));
        ShardRow row = firstRow(local, file, offset);
        if (row != null) {
          return row;
        }
      }
    }
    return null;
  }

  /** The first row of a document in a shard; null if there is none. */
  private static @Nullable ShardRow firstRow(Path shard, String file, long offset)
      throws IOException {
    ShardRow row = new ShardRow();
    try (ShardReader in = new ShardReader(shard)) {
      while (in.next(row)) {
        if (row.offset == offset && row.file.equals(file)) {
          return row;
        }
      }
    }
    return null;
  }

  /** The beginning of the text of a row; null if the report shows no text of documents. */
  private @Nullable String shownText(ShardRow row) {
    if (spec.job().report().documents() == 0) {
      return null;
    }
    int[] ids = Arrays.copyOf(row.ids, Math.min(row.count, DECODED_IDS));
    return tokenizer.decode(ids, /* skipSpecialTokens= */ true);
  }
}
