package org.merganser.shard;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file of little-endian numbers behind a header that is known only at the end: room is left for
 * it and it is written last. Ids that the width cannot hold are refused, never wrapped.
 */
final class IdFile implements Closeable {
  private final Path path;
  private final FileChannel file;
  private final IdWidth width;
  private final int bound;
  private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
  private long ids;

  IdFile(Path path, IdWidth width, int bound, int headerBytes) throws IOException {
    this.path = path;
    this.width = width;
    this.bound = bound;
    this.file =
        FileChannel.open(
            path,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE);
    buffer.put(new byte[headerBytes]);
  }

  long ids() {
    return ids;
  }

  void write(ShardRow row) throws IOException {
    for (int i = 0; i < row.count; i++) {
      int id = row.ids[i];
      if (id < 0 || id >= bound || width == IdWidth.UINT16 && id > 0xFFFF) {
        throw new ShardException(
            path.getFileName()
                + ": document \""
                + row.docId
                + "\" has id "
                + id
                + ", the vocabulary ends before "
                + bound
                + " and ids are written as "
                + width
                + "; were these shards made with another tokenizer?");
      }
      if (buffer.remaining() < 4) {
        drain();
      }
      if (width == IdWidth.UINT16) {
        buffer.putShort((short) id);
      } else {
        buffer.putInt(id);
      }
    }
    ids += row.count;
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
