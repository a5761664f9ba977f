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
  private static final String IDS = ".bin";
  private static final String INDEX = ".idx";

  /**
   * The length of the header of the index: magic (9 bytes), version (8), type of the ids (1),
   * number of sequences (8), number of starts of documents (8).
   */
  private static final int HEADER_BYTES = 34;

  private static final byte[] MAGIC = "MMIDIDX\0\0".getBytes(StandardCharsets.US_ASCII);
  private static final int VERSION = 1;

  /** The number of numpy.uint16 in {@code indexed_dataset.DType}. */
  private static final byte UINT16 = 8;

  /** The number of numpy.int32 in {@code indexed_dataset.DType}. */
  private static final byte INT32 = 4;

  /** The largest vocabulary whose ids take 16 bits by Megatron's own rule: below 65,500. */
  private static final int UINT16_BOUND = 65_499;

  MegatronLayout() {
    super(
        new Shape(
            "megatron", List.of(IDS, INDEX), UINT16_BOUND, Sequences.AS_PACKED, LossMask.REFUSED));
  }

  @Override
  Part newPart(FilesOfPart files, IdSettings settings, Map<String, String> metadata)
      throws IOException {
    return new MegatronPart(files.file(IDS), files.file(INDEX), width(settings.bound()));
  }

  /**
   * Writes the lengths of sequences directly into the index. Byte positions and the starts of
   * documents come after all lengths, so they are kept in separate files until then: memory does
   * not grow with the sequences.
   */
  private static final class MegatronPart implements Part {
    private final IdWidth width;
    private final IdFile ids;

    /** The index, which begins with the lengths of the sequences. */
    private final IdFile lengths;

    /** The byte position of each sequence in the file of ids. */
    private final SpillFile positions;

    /** The index of the first sequence of each document, and the number of sequences at the end. */
    private final SpillFile documentStarts;

    /** The number that is being written into one of these two files. */
    private final ByteBuilder number = new ByteBuilder(Long.BYTES);

    /** The numbers in {@link #documentStarts}. */
    private long startCount;

    /** The id of the document of the row before; null before the first one. */
    private @Nullable String lastDocId;

    MegatronPart(Path bin, Path idx, IdWidth width) throws IOException {
      this.width = width;
      this.ids = new IdFile(bin, width);
      this.lengths = new IdFile(idx, IdWidth.INT32, HEADER_BYTES);
      this.positions = new SpillFile(idx, "positions");
      this.documentStarts = new SpillFile(idx, "documents");
    }

    @Override
    public void write(ShardRow row) throws IOException {
      append(ids.count() * width.bytes(), positions);
      if (row.part == 0 || !row.docId.equals(lastDocId)) {
        addDocumentStart();
      }
      lengths.write(new int[] {row.count}, 1);
      ids.write(row.ids, row.count);
      lastDocId = row.docId;
    }

    /** Adds the number of sequences so far, at which a document starts or the last one ends. */
    private void addDocumentStart() throws IOException {
      append(lengths.count(), documentStarts);
      startCount++;
    }

    /** Appends a number of 64 bits. */
    private void append(long value, SpillFile to) throws IOException {
      number.clear();
      number.appendLong(value);
      to.write(number);
    }

    @Override
    public Map<String, FileSum> finish() throws IOException {
      FileSum sum = ids.finish();
      addDocumentStart(); // the end of the last document
      lengths.append(positions);
      lengths.append(documentStarts);
      lengths.finish(header());
      return Map.of(IDS, sum);
    }

    private byte[] header() {
      ByteBuilder header = new ByteBuilder(HEADER_BYTES);
      header.append(MAGIC, 0, MAGIC.length);
      header.appendLong(VERSION);
      header.append(width == IdWidth.UINT16 ? UINT16 : INT32);
      header.appendLong(lengths.count());
      header.appendLong(startCount);
      return header.toByteArray();
    }

    @Override
    public void close() throws IOException {
      try (ids;
          lengths;
          positions) {
        documentStarts.close();
      }
    }
  }
}
