package org.merganser.layout;

import java.io.Closeable;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.merganser.parquet.ShardException;
import org.merganser.shard.ShardRow;

/**
 * A file of little-endian numbers behind a header that is known only at the end: room is left for
 * it and it is written last. Ids that the width cannot hold are refused, never wrapped.
 */
final class IdFile implements Closeable {
  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private final String name;
  private final FileChannel file;
  private final IdWidth width;
  private final ShardLayout.Ids vocabulary;
  private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
  private long ids;

  IdFile(Path path, IdWidth width, ShardLayout.Ids vocabulary, int headerBytes) throws IOException {
    this.name = String.valueOf(path.getFileName());
    this.width = width;
    this.vocabulary = vocabulary;
    this.file =
        FileChannel.open(
            path,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE);
    buffer.put(new byte[headerBytes]);
  }

  /** Written so far, filling counted. */
  long ids() {
    return ids;
  }

  void write(ShardRow row) throws IOException {
    refuseBeyond(row, Math.min(vocabulary.bound(), width.bound()), name);
    for (int from = 0; from < row.count; ) {
      if (buffer.remaining() < Integer.BYTES) {
        drain();
      }
      int to = Math.min(row.count, from + buffer.remaining() / width.bytes());
      put(row.ids, from, to);
      from = to;
    }
    ids += row.count;
  }

  /** Puts ids that the buffer has room for. */
  private void put(int[] of, int from, int to) {
    byte[] bytes = buffer.array();
    int at = buffer.position();
    if (width == IdWidth.UINT16) {
      for (int i = from; i < to; i++) {
        SHORT.set(bytes, at, (short) of[i]);
        at += Short.BYTES;
      }
    } else {
      for (int i = from; i < to; i++) {
        INT.set(bytes, at, of[i]);
        at += Integer.BYTES;
      }
    }
    buffer.position(at);
  }

  /** Refuses a row that has an id of {@code bound} or beyond. */
  static void refuseBeyond(ShardRow row, int bound, String where) {
    int signs = 0;
    for (int i = 0; i < row.count; i++) {
      signs |= row.ids[i] | (bound - 1 - row.ids[i]);
    }
    for (int i = 0; signs < 0 && i < row.count; i++) {
      int id = row.ids[i];
      if (id < 0 || id >= bound) {
        throw new ShardException(
            ("%s: document \"%s\" has id %s, the vocabulary ends before %s; were these"
                    + " shards made with another tokenizer?")
                .formatted(where, row.docId, id, bound));
      }
    }
  }

  /** Fills a packed sequence that is short; documents are as long as they are. */
  void fill(ShardRow row) throws IOException {
    int missing = missing(row, vocabulary, name);
    for (int i = 0; i < missing; i++) {
      put(vocabulary.filler());
    }
    ids += missing;
  }

  /**
   * Ids that a packed sequence needs to be full; none for a document.
   *
   * @throws ShardException where there is no token to fill it with
   */
  static int missing(ShardRow row, ShardLayout.Ids vocabulary, String where) {
    int missing = Math.max(0, vocabulary.sequenceLength() - row.count);
    if (vocabulary.sequenceLength() == 0 || missing == 0) {
      return 0;
    }
    if (vocabulary.filler() < 0) {
      throw new ShardException(
          ("%s: sequence \"%s\" has %s ids of %s and there is no token to fill it"
                  + " with; set shards.endOfDocument")
              .formatted(where, row.docId, row.count, vocabulary.sequenceLength()));
    }
    return missing;
  }

  private void put(int id) throws IOException {
    if (buffer.remaining() < 4) {
      drain();
    }
    if (width == IdWidth.UINT16) {
      buffer.putShort((short) id);
    } else {
      buffer.putInt(id);
    }
  }

  /** Ends the file: writes {@code header} over the room that was left. */
  void finish(byte[] header) throws IOException {
    drain();
    ByteBuffer bytes = ByteBuffer.wrap(header);
    while (bytes.hasRemaining()) {
      file.write(bytes, bytes.position());
    }
  }

  private void drain() throws IOException {
    buffer.flip();
    while (buffer.hasRemaining()) {
      file.write(buffer);
    }
    buffer.clear();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
