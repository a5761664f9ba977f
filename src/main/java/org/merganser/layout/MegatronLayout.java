package org.merganser.layout;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.merganser.binary.ByteBuilder;
import org.merganser.checksum.FileSum;
import org.merganser.shard.ShardRow;

/**
 * The indexed dataset of Megatron-LM and NeMo (megatron/core/datasets/indexed_dataset.py): ids
 * without separators in {@code .bin}; in {@code .idx} the length and byte position of each sequence
 * and the starts of documents. Each row is a sequence; the parts of a cut document are sequences of
 * one document.
 */
final class MegatronLayout extends ShardLayout {
  private static final int HEADER_BYTES = 34;

  MegatronLayout() {
    // Megatron's own rule: uint16 for vocabularies below 65,500
    super(new Shape("megatron", List.of(".bin", ".idx"), 65_499, Sequences.AS_PACKED, false));
  }

  @Override
  Part newPart(Files files, Ids ids, Map<String, String> metadata) throws IOException {
    return new MegatronPart(files.file(".bin"), files.file(".idx"), width(ids.bound()));
  }

  /**
   * Writes the lengths of sequences directly into the index. Byte positions and the starts of
   * documents come after all lengths, so they are kept in separate files until then: memory does
   * not grow with the sequences.
   */
  private static final class MegatronPart implements Part {
    private final IdWidth width;
    private final IdFile bin;
    private final IdFile lengths;
    private final SpillFile positions;
    private final SpillFile documents;
    private final ByteBuilder place = new ByteBuilder(256);
    private long documentCount;
    private @Nullable String document;

    MegatronPart(Path bin, Path idx, IdWidth width) throws IOException {
      this.width = width;
      this.bin = new IdFile(bin, width, 0);
      this.lengths = new IdFile(idx, IdWidth.INT32, HEADER_BYTES);
      this.positions = new SpillFile(idx, "positions");
      this.documents = new SpillFile(idx, "documents");
    }

    @Override
    public void write(ShardRow row) throws IOException {
      note(bin.count() * width.bytes(), positions);
      if (row.part == 0 || !row.docId.equals(document)) {
        noteDocument();
      }
      lengths.write(new int[] {row.count}, 1);
      bin.write(row.ids, row.count);
      document = row.docId;
    }

    private void noteDocument() throws IOException {
      note(lengths.count(), documents);
      documentCount++;
    }

    private void note(long number, SpillFile in) throws IOException {
      place.clear();
      place.appendLong(number);
      in.write(place);
    }

    @Override
    public Map<String, FileSum> finish() throws IOException {
      FileSum sum = bin.finish();
      noteDocument(); // the end of the last one
      lengths.append(positions);
      lengths.append(documents);
      ByteBuilder header = new ByteBuilder(256);
      header.append("MMIDIDX\0\0".getBytes(StandardCharsets.US_ASCII), 0, 9);
      header.appendLong(1);
      header.append((byte) (width == IdWidth.UINT16 ? 8 : 4));
      header.appendLong(lengths.count());
      header.appendLong(documentCount);
      lengths.finish(header.toByteArray());
      return Map.of(".bin", sum);
    }

    @Override
    public void close() throws IOException {
      try (bin;
          lengths;
          positions) {
        documents.close();
      }
    }
  }
}
