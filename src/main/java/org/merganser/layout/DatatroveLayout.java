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
  DatatroveLayout() {
    // datatrove takes 2 bytes for vocabularies of up to 65,535
    super(
        new Shape(
            "datatrove",
            List.of(".ds", ".ds.index", ".ds.metadata"),
            65_535,
            Sequences.FILLED,
            true));
  }

  @Override
  Part newPart(Files files, Ids ids, Map<String, String> metadata) throws IOException {
    String tokenizer = metadata.getOrDefault(ParquetShardWriter.TOKENIZER_SHA256, "unknown");
    return new DatatrovePart(files, ids, width(ids.bound()), tokenizer);
  }

  private static final class DatatrovePart implements Part {
    private final Ids vocabulary;
    private final IdFile ids;
    private final SummedOutputStream index;
    private final Path metadata;
    private final String tokenizer;
    private boolean open;
    private @Nullable String document;

    DatatrovePart(Files files, Ids vocabulary, IdWidth width, String sha256) throws IOException {
      this.vocabulary = vocabulary;
      this.ids = new IdFile(files.file(".ds"), width, 0);
      this.index = SummedOutputStream.of(files.file(".ds.index"));
      this.metadata = files.file(".ds.metadata");
      this.tokenizer = "sha256:" + sha256 + "|" + width.bytes();
    }

    @Override
    public void write(ShardRow row) throws IOException {
      if (row.part == 0 || !row.docId.equals(document)) {
        endDocument();
        document = row.docId;
      }
      for (int i = 1; i < row.pieces.size(); i++) {
        end(ids.count() + row.pieces.get(i).start());
      }
      ids.write(row.ids, row.count);
      open = true;
      long before = ids.count();
      ids.repeat(vocabulary.padId(), vocabulary.missing(row));
      if (ids.count() > before) {
        end(before);
      }
    }

    private void endDocument() throws IOException {
      if (open) {
        end(ids.count());
        open = false;
      }
    }

    private void end(long position) throws IOException {
      ByteBuilder end = new ByteBuilder(256);
      end.appendLong(position);
      index.write(end.bytes(), 0, 8);
    }

    @Override
    public Map<String, FileSum> finish() throws IOException {
      endDocument();
      index.flush();
      FileSum sum = ids.finish();
      String text = tokenizer + "\n" + ids.count() + "\n" + forAPerson(ids.count());
      try (SummedOutputStream lines = SummedOutputStream.of(metadata)) {
        lines.write(text.getBytes(StandardCharsets.UTF_8));
        lines.flush();
        return Map.of(".ds", sum, ".ds.index", index.sum(), ".ds.metadata", lines.sum());
      }
    }

    @Override
    public void close() throws IOException {
      try (index;
          ids) {
        open = false;
      }
    }
  }

  /** A count as Python's {@code humanize.metric(count, unit="T")} writes it: 1234567 is 1.23 MT. */
  static String forAPerson(long count) {
    int exponent = Math.max(0, Long.toString(count).length() - 1);
    int thousands = exponent / 3;
    double value = count / StrictMath.pow(1000, thousands);
    String prefix = thousands == 0 ? "" : "kMGTPE".substring(thousands - 1, thousands);
    return String.format(Locale.ROOT, "%." + (2 - exponent % 3) + "f %sT", value, prefix);
  }
}
