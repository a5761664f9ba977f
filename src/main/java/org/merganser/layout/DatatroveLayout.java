package org.merganser.layout;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.merganser.binary.ByteBuilder;
import org.merganser.checksum.FileSum;
import org.merganser.shard.ParquetShardWriter;
import org.merganser.shard.ShardRow;
import org.merganser.store.SummedOutputStream;

/**
 * datatrove's tokenized files, which Nanotron reads: the ids in {@code .ds}; the end of each
 * document in {@code .ds.index} (u64, in ids); and {@code .ds.metadata} with three lines: tokenizer
 * and id size, count of ids, the count in readable form.
 */
final class DatatroveLayout extends ShardLayout {
  private static final String IDS = ".ds";
  private static final String INDEX = ".ds.index";
  private static final String METADATA = ".ds.metadata";

  /** The largest vocabulary for which datatrove takes 2 bytes. */
  private static final int UINT16_BOUND = 65_535;

  DatatroveLayout() {
    super(
        new Shape(
            "datatrove",
            List.of(IDS, INDEX, METADATA),
            UINT16_BOUND,
            Sequences.FILLED,
            LossMask.WRITTEN));
  }

  @Override
  Part newPart(FilesOfPart files, IdSettings settings, Map<String, String> metadata)
      throws IOException {
    String tokenizer = metadata.getOrDefault(ParquetShardWriter.TOKENIZER_SHA256, "unknown");
    return new DatatrovePart(files, settings, width(settings.bound()), tokenizer);
  }

  /**
   * A count as Python's {@code humanize.metric(count, unit="T")} writes it: 1234567 is 1.23 MT. The
   * value has three digits before rounding, in a unit of a power of 1000.
   */
  static String humanize(long count) {
    int exponent = Math.max(0, Long.toString(count).length() - 1);
    int thousands = exponent / 3;
    double value = count / StrictMath.pow(1000, thousands);
    int decimals = 2 - exponent % 3;
    String prefix = thousands == 0 ? "" : "kMGTPE".substring(thousands - 1, thousands);
    return String.format(Locale.ROOT, "%." + decimals + "f %sT", value, prefix);
  }

  /** Writes ids and the ends of documents as they come, and the metadata at the end. */
  private static final class DatatrovePart implements Part {
    private final IdSettings settings;
    private final IdFile ids;
    private final SummedOutputStream index;
    private final Path metadata;

    /** The first line of the metadata: the tokenizer and the bytes of an id. */
    private final String tokenizer;

    /** The id of the document of the row before; null before the first one. */
    private @Nullable String lastDocId;

    /** Whether the end of the last document is not in the index yet: it may have more parts. */
    private boolean documentIsOpen;

    DatatrovePart(FilesOfPart files, IdSettings settings, IdWidth width, String tokenizerSha256)
        throws IOException {
      this.settings = settings;
      this.ids = new IdFile(files.file(IDS), width);
      this.index = SummedOutputStream.of(files.file(INDEX));
      this.metadata = files.file(METADATA);
      this.tokenizer = "sha256:" + tokenizerSha256 + "|" + width.bytes();
    }

    @Override
    public void write(ShardRow row) throws IOException {
      if (row.part == 0 || !row.docId.equals(lastDocId)) {
        endDocument();
        lastDocId = row.docId;
      }
      // A piece ends where the next one starts; the end of the last one is that of the row.
      for (int i = 1; i < row.pieces.size(); i++) {
        addEnd(ids.count() + row.pieces.get(i).start());
      }
      ids.write(row.ids, row.count);
      documentIsOpen = true;
      int missing = settings.missing(row);
      if (missing > 0) { // the ids that fill a sequence are a document of their own
        addEnd(ids.count());
        ids.repeat(settings.padId(), missing);
      }
    }

    /** Adds the end of the last document, unless the index has it. */
    private void endDocument() throws IOException {
      if (documentIsOpen) {
        addEnd(ids.count());
        documentIsOpen = false;
      }
    }

    /** Adds the end of a document to the index. */
    private void addEnd(long end) throws IOException {
      ByteBuilder bytes = new ByteBuilder(Long.BYTES);
      bytes.appendLong(end);
      index.write(bytes.bytes(), 0, Long.BYTES);
    }

    @Override
    public Map<String, FileSum> finish() throws IOException {
      endDocument();
      index.flush();
      FileSum sum = ids.finish();
      String text = tokenizer + "\n" + ids.count() + "\n" + humanize(ids.count());
      try (SummedOutputStream lines = SummedOutputStream.of(metadata)) {
        lines.write(text.getBytes(StandardCharsets.UTF_8));
        lines.flush();
        return Map.of(IDS, sum, INDEX, index.sum(), METADATA, lines.sum());
      }
    }

    @Override
    public void close() throws IOException {
      try (ids) {
        index.close();
      }
    }
  }
}
