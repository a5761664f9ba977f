package org.merganser.layout;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.merganser.parquet.ShardException;
import org.merganser.shard.RowReader;
import org.merganser.shard.ShardRow;

/** Reads bare ids by the ends that their layout knows; documents are called FILE#NUMBER. */
final class UnindexedReader implements RowReader {
  private final RawIds ids;
  private final RawIds.Form form;
  private final RawIds.@Nullable EndList list;
  private final @Nullable InputStream ends;
  private final long documents;
  private final String name;
  private long next;
  private long start;

  UnindexedReader(RawIds ids, RawIds.Form form, String name) throws IOException {
    this.ids = ids;
    this.form = form;
    this.list = form.ends();
    this.name = name;
    if (list == null) {
      this.ends = null;
      this.documents = 1;
    } else {
      FileChannel file = FileChannel.open(list.file()).position(list.at());
      this.ends = new BufferedInputStream(Channels.newInputStream(file), 1 << 16);
      this.documents = list.count();
    }
  }

  @Override
  public Map<String, String> metadata() {
    return Map.of();
  }

  @Override
  public boolean next(ShardRow row) throws IOException {
    if (next == documents) {
      return false;
    }
    long end = end();
    long count = end - start;
    if (count < 0 || count > Integer.MAX_VALUE - 64) {
      throw new ShardException(name + ": document " + next + " has " + count + " ids");
    }
    row.clearOrigin();
    row.docId = name + "#" + next;
    row.file = name;
    row.offset = start;
    ids.read(start, (int) count, row);
    start = end;
    next++;
    return true;
  }

  /** Where the next document ends. */
  private long end() throws IOException {
    if (list == null || ends == null) {
      return ids.count();
    }
    int width = list.kind().bytes();
    ByteBuffer value = ByteBuffer.wrap(ends.readNBytes(width)).order(ByteOrder.LITTLE_ENDIAN);
    if (value.remaining() < width) {
      throw new EOFException(list.file() + " ends before document " + next + "; it is cut short");
    }
    return switch (list.kind()) {
      case LENGTHS -> start + value.getInt();
      case ENDS -> value.getLong();
      case PLACES -> (Integer.toUnsignedLong(value.getInt()) - form.start()) / form.width().bytes();
    };
  }

  @Override
  public void close() throws IOException {
    try (ids) {
      if (ends != null) {
        ends.close();
      }
    }
  }
}
