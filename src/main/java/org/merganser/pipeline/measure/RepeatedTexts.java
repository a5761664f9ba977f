package org.merganser.pipeline.measure;

import java.io.IOException;
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
import org.merganser.report.measure.TextCounts;
import org.merganser.report.statistics.UnusualDocuments;
import org.merganser.shard.ShardReader;
import org.merganser.shard.ShardRow;
import org.merganser.tokenizer.Tokenizer;

/** Names the documents of the most frequent texts, from the shards that they are in. */
final class RepeatedTexts {
  /** Enough for the text that is shown, if tokens have one byte. */
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
    TextCounts.Place place = text.place();
    String location = receipts.get(place.unit());
    UnitReceipt receipt = Receipts.read(String.valueOf(location));
    String file = UnitSample.files(receipt).get(place.file());
    ShardRow row = new ShardRow();
    for (WrittenFile shard : receipt.files()) {
      if (shard.path().startsWith(ShardSet.TRAINING) && shard.path().endsWith(".parquet")) {
        try (ShardReader in =
            new ShardReader(LocalFiles.of(Receipts.locate(spec.paths(), shard)))) {
          while (in.next(row)) {
            if (row.offset == place.offset() && row.file.equals(file)) {
              return new UnusualDocuments.Text(
                  text.documents(), text.oneIn(), row.docId, file, row.offset, text(row));
            }
          }
        }
      }
    }
    throw new RunException(
        "%s has no document of %s at byte %s, which was counted; run again"
            .formatted(location, file, place.offset()));
  }

  /** The beginning of the text; null if the job wants no text of documents. */
  private @Nullable String text(ShardRow row) {
    return spec.job().report().documents() == 0
        ? null
        : tokenizer.decode(Arrays.copyOf(row.ids, Math.min(row.count, DECODED_IDS)), true);
  }
}
