package org.merganser.layout;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.merganser.parquet.ByteSink;
import org.merganser.shard.ShardRow;

/**
 * Megatron-LM's and NeMo's indexed dataset (megatron/core/datasets/indexed_dataset.py): ids back to
 * back in {@code .bin}; in {@code .idx} the length and byte position of each sequence and where
 * documents begin. A row is a sequence; the parts of a cut document are sequences of one document.
 */
final class MegatronLayout extends ShardLayout {
  /** Megatron's own rule: uint16 for vocabularies below 65,500. */
  static final int UINT16_BOUND = 65_499;

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
        new IdFile(files.file(".bin"), width, ids, 0), new Index(files.file(".idx"), width));
  }

  private static final class MegatronPart implements Part {
    private final IdFile bin;
    private final Index index;
    private @Nullable String document;

    MegatronPart(IdFile bin, Index index) {
      this.bin = bin;
      this.index = index;
    }

    @Override
    public void write(ShardRow row) throws IOException {
      bin.write(row);
      index.add(row.count, row.part == 0 || !row.docId.equals(document));
      document = row.docId;
    }

    @Override
    public void finish() throws IOException {
      bin.finish(new byte[0]);
      index.finish();
    }

    @Override
    public void close() throws IOException {
      try (bin) {
        index.close();
      }
    }
  }

  /**
   * An index while its sequences come. Lengths are written where they stay. Byte positions stand
   * behind all lengths, so they are made of the lengths in the file at the end, and the places of
   * documents wait in a file of their own: memory does not grow with the sequences.
   */
  static final class Index implements Closeable {
    private static final int HEADER_BYTES = 34;
    private static final int CHUNK = 1 << 13;

    /**
     * How much an index lists.
     *
     * @param ids of all sequences
     */
    record Extent(long sequences, long documents, long ids) {
      static final Extent NONE = new Extent(0, 0, 0);
    }

    private final FileChannel file;
    private final IdWidth width;
    private final Extent before;
    private final SpillFile documents;
    private final ByteSink document = new ByteSink();
    private final ByteBuffer lengths =
        ByteBuffer.allocate(Integer.BYTES * CHUNK).order(ByteOrder.LITTLE_ENDIAN);
    private long sequenceCount;
    private long documentCount;
    private long lengthsEnd;

    Index(Path idx, IdWidth width) throws IOException {
      this(idx, width, Extent.NONE);
    }

    /**
     * @param before what the index lists first; room is left for it and nothing is written there
     */
    Index(Path idx, IdWidth width, Extent before) throws IOException {
      this.width = width;
      this.before = before;
      this.sequenceCount = before.sequences();
      this.documentCount = before.documents();
      this.lengthsEnd = HEADER_BYTES + Integer.BYTES * before.sequences();
      this.documents = new SpillFile(idx, "documents");
      this.file =
          FileChannel.open(
              idx,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
    }

    /**
     * Adds a sequence.
     *
     * @param length in ids
     */
    void add(int length, boolean beginsDocument) throws IOException {
      if (beginsDocument) {
        noteDocument();
      }
      if (!lengths.hasRemaining()) {
        drainLengths();
      }
      lengths.putInt(length);
      sequenceCount++;
    }

    private void noteDocument() throws IOException {
      document.clear();
      document.putLong(sequenceCount);
      documents.write(document);
      documentCount++;
    }

    private void drainLengths() throws IOException {
      lengthsEnd = write(lengths.flip(), lengthsEnd);
      lengths.clear();
    }

    /** Completes the index; without it the file is none. */
    void finish() throws IOException {
      drainLengths();
      noteDocument(); // the end of the last one
      writePositions();
      long documentsAt = HEADER_BYTES + (Integer.BYTES + Long.BYTES) * sequenceCount;
      file.position(documentsAt + Long.BYTES * before.documents());
      documents.copyTo(Channels.newOutputStream(file));
      ByteSink header = new ByteSink();
      header.put("MMIDIDX\0\0".getBytes(StandardCharsets.US_ASCII), 0, 9);
      header.putLong(1);
      header.putByte(width == IdWidth.UINT16 ? 8 : 4);
      header.putLong(sequenceCount);
      header.putLong(documentCount);
      write(ByteBuffer.wrap(header.toArray()), 0);
    }

    /** Writes the position of each sequence in bytes, from the lengths that are in the file. */
    private void writePositions() throws IOException {
      ByteBuffer positions = ByteBuffer.allocate(Long.BYTES * CHUNK).order(ByteOrder.LITTLE_ENDIAN);
      long position = before.ids() * width.bytes();
      long lengthsAt = HEADER_BYTES + Integer.BYTES * before.sequences();
      long positionsAt = lengthsEnd + Long.BYTES * before.sequences();
      while (lengthsAt < lengthsEnd) {
        lengths.clear().limit((int) Math.min(lengths.capacity(), lengthsEnd - lengthsAt));
        lengthsAt = read(lengths, lengthsAt);
        lengths.flip();
        positions.clear();
        while (lengths.hasRemaining()) {
          positions.putLong(position);
          position += (long) lengths.getInt() * width.bytes();
        }
        positionsAt = write(positions.flip(), positionsAt);
      }
    }

    /** Writes all of a buffer; returns where it ends. */
    private long write(ByteBuffer bytes, long at) throws IOException {
      long position = at;
      while (bytes.hasRemaining()) {
        position += file.write(bytes, position);
      }
      return position;
    }

    /** Fills a buffer; returns where what it read ends. */
    private long read(ByteBuffer bytes, long at) throws IOException {
      long position = at;
      while (bytes.hasRemaining()) {
        int read = file.read(bytes, position);
        if (read < 0) {
          throw new EOFException("the index ends at byte " + position + ", while it is written");
        }
        position += read;
      }
      return position;
    }

    @Override
    public void close() throws IOException {
      try (file) {
        documents.close();
      }
    }
  }
}
