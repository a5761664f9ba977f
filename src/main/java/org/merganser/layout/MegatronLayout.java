package org.merganser.layout;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.merganser.parquet.ByteSink;
import org.merganser.parquet.ShardException;
import org.merganser.shard.ShardRow;

/**
 * Megatron-LM's and NeMo's indexed dataset (megatron/core/datasets/indexed_dataset.py): ids back to
 * back in {@code .bin}; in {@code .idx} the length and byte position of each sequence and where
 * documents begin. A row is a sequence; the parts of a cut document are sequences of one document.
 */
final class MegatronLayout extends ShardLayout {
  /** Megatron's own rule: uint16 for vocabularies below 65,500. */
  static final int UINT16_BOUND = 65_499;

  /** What an array of lengths holds here; no shard comes near. */
  private static final int MAX_SEQUENCES = 1 << 30;

  MegatronLayout() {
    super("megatron", List.of(".bin", ".idx"), Long.MAX_VALUE); // byte positions have 64 bits
  }

  @Override
  int idBytes(int bound) {
    return IdWidth.of(bound, UINT16_BOUND).bytes();
  }

  @Override
  Part newPart(Files files, Ids ids, Map<String, String> metadata) throws IOException {
    IdWidth width = IdWidth.of(ids.bound(), UINT16_BOUND);
    return new MegatronPart(
        new IdFile(files.file(".bin"), width, ids, 0), files.file(".idx"), width);
  }

  private static final class MegatronPart implements Part {
    private final IdFile bin;
    private final Path idx;
    private final IdWidth width;
    private int[] lengths = new int[256];
    private int sequences;
    private long[] documents = new long[256];
    private int documentCount;
    private @Nullable String document;

    MegatronPart(IdFile bin, Path idx, IdWidth width) {
      this.bin = bin;
      this.idx = idx;
      this.width = width;
    }

    @Override
    public void write(ShardRow row) throws IOException {
      if (sequences == MAX_SEQUENCES) {
        throw new ShardException("a Megatron index holds at most " + MAX_SEQUENCES + " sequences");
      }
      bin.write(row);
      if (row.part == 0 || !row.docId.equals(document)) {
        noteDocument();
        document = row.docId;
      }
      if (sequences == lengths.length) {
        lengths = Arrays.copyOf(lengths, 2 * sequences);
      }
      lengths[sequences++] = row.count;
    }

    private void noteDocument() {
      if (documentCount == documents.length) {
        documents = Arrays.copyOf(documents, 2 * documentCount);
      }
      documents[documentCount++] = sequences;
    }

    @Override
    public void finish() throws IOException {
      bin.finish(new byte[0]);
      noteDocument(); // the end of the last one
      ByteSink out = new ByteSink();
      try (OutputStream file = new BufferedOutputStream(java.nio.file.Files.newOutputStream(idx))) {
        out.put("MMIDIDX\0\0".getBytes(StandardCharsets.US_ASCII), 0, 9);
        out.putLong(1);
        out.putByte(width == IdWidth.UINT16 ? 8 : 4);
        out.putLong(sequences);
        out.putLong(documentCount);
        for (int i = 0; i < sequences; i++) {
          out.putInt(lengths[i]);
          drainWhenLarge(out, file);
        }
        long position = 0;
        for (int i = 0; i < sequences; i++) {
          out.putLong(position);
          position += (long) lengths[i] * width.bytes();
          drainWhenLarge(out, file);
        }
        for (int i = 0; i < documentCount; i++) {
          out.putLong(documents[i]);
          drainWhenLarge(out, file);
        }
        file.write(out.bytes(), 0, out.size());
      }
    }

    private static void drainWhenLarge(ByteSink out, OutputStream file) throws IOException {
      if (out.size() > 1 << 16) {
        file.write(out.bytes(), 0, out.size());
        out.clear();
      }
    }

    @Override
    public void close() throws IOException {
      bin.close();
    }
  }
}
