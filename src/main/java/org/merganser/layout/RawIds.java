package org.merganser.layout;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.merganser.parquet.ShardException;
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
  private final @Nullable FileChannel mask;
  private final long maskStart;

  /**
   * @param mask the file with the loss mask of the ids, null for none
   */
  RawIds(Path path, Form form, @Nullable Path mask) throws IOException {
    this.path = path;
    this.file = FileChannel.open(path);
    this.form = form;
    this.mask = mask == null ? null : FileChannel.open(mask);
    long count = count();
    this.maskStart = this.mask == null ? 0 : this.mask.size() - count;
    if (maskStart != 0 && maskStart != NpyLayout.HEADER_BYTES) {
      close();
      throw new ShardException(
          "%s: has %s bytes, and there are %s ids; it is not their loss mask, or is cut short"
              .formatted(mask, maskStart + count, count));
    }
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
    row.mask = mask == null ? null : flags(mask, maskStart + first, count);
  }

  private int[] flags(FileChannel from, long position, int count) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(count);
    while (bytes.hasRemaining()) {
      if (from.read(bytes, position + bytes.position()) < 0) {
        throw new EOFException("the loss mask of " + path + " is cut short");
      }
    }
    int[] flags = new int[count];
    for (int i = 0; i < count; i++) {
      flags[i] = bytes.get(i);
    }
    return flags;
  }

  @Override
  public void close() throws IOException {
    try (file) {
      if (mask != null) {
        mask.close();
      }
    }
  }
}
