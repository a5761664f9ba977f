package org.merganser.layout;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.merganser.shard.ShardRow;

/** A file of ids of one width behind a header, read at any place. */
final class RawIds implements Closeable {
  /**
   * How the ids lie.
   *
   * @param start of the first id, in bytes
   * @param ends where documents end, where the layout knows it
   */
  record Form(long start, IdWidth width, @Nullable EndList ends) {}

  /**
   * A list of where documents end, which may be too long for memory.
   *
   * @param at its first byte
   * @param count of documents
   */
  record EndList(Path file, long at, long count, EndKind kind) {}

  /** What a list of ends holds. */
  enum EndKind {
    /** Lengths in ids, i32. */
    LENGTHS(Integer.BYTES),
    /** Ends in ids, u64. */
    ENDS(Long.BYTES),
    /** Ends in bytes from the start of the file, u32. */
    PLACES(Integer.BYTES);

    private final int bytes;

    EndKind(int bytes) {
      this.bytes = bytes;
    }

    int bytes() {
      return bytes;
    }
  }

  private final Path path;
  private final FileChannel file;
  private final Form form;

  RawIds(Path path, Form form) throws IOException {
    this.path = path;
    this.file = FileChannel.open(path);
    this.form = form;
  }

  /** Ids in the file. */
  long count() throws IOException {
    return (file.size() - form.start()) / form.width().bytes();
  }

  /** Fills a row's ids with those from {@code first} on. */
  void read(long first, int count, ShardRow row) throws IOException {
    if (row.ids.length < count) {
      row.ids = new int[count];
    }
    row.count = count;
    int width = form.width().bytes();
    ByteBuffer buffer =
        ByteBuffer.allocate(Math.min(1 << 16, Math.max(width, count * width)))
            .order(ByteOrder.LITTLE_ENDIAN);
    long position = form.start() + first * width;
    for (int done = 0; done < count; ) {
      int now = Math.min(count - done, buffer.capacity() / width);
      buffer.clear().limit(now * width);
      while (buffer.hasRemaining()) {
        if (file.read(buffer, position + buffer.position()) < 0) {
          throw new EOFException(path + " ends before id " + (first + count) + "; it is cut short");
        }
      }
      buffer.flip();
      for (int i = 0; i < now; i++) {
        row.ids[done + i] =
            form.width() == IdWidth.UINT16 ? buffer.getShort() & 0xFFFF : buffer.getInt();
      }
      position += (long) now * width;
      done += now;
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
