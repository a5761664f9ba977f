package org.merganser.layout;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.merganser.text.unicode.ByteBuilder;

/**
 * A file of items in litData's form: the number of items, the start of each item and the end of the
 * last (all u32, in bytes from the start of the file), and then the items. The starts depend on the
 * number of items, so the items are kept on disk until it is known, and 4 bytes of each in memory.
 */
final class ItemFile implements Closeable {
  /** Places are unsigned 32-bit numbers. */
  static final long MAX_BYTES = 0xFFFF_FFFFL;

  private final Path path;
  private final SpillFile items;
  private final ByteBuilder ends = new ByteBuilder(256);
  private long count;

  ItemFile(Path path) throws IOException {
    this.path = path;
    this.items = new SpillFile(path, "items");
  }

  /** Whether a last item of this size still ends at a place of 32 bits. */
  boolean takes(long itemBytes) {
    return LitdataLayout.firstId(count + 1) + items.size() + itemBytes <= MAX_BYTES;
  }

  void add(ByteBuilder item) throws IOException {
    items.write(item);
    ends.appendInt((int) items.size());
    count++;
  }

  /** Writes the file, which must not exist yet. */
  void finish() throws IOException {
    long first = LitdataLayout.firstId(count);
    try (OutputStream file = new BufferedOutputStream(Files.newOutputStream(path), 1 << 16)) {
      ByteBuilder head = new ByteBuilder(256);
      head.appendInt((int) count);
      head.appendInt((int) first);
      ByteBuffer places = ByteBuffer.wrap(ends.toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
      while (places.hasRemaining()) {
        head.appendInt(places.getInt() + (int) first);
      }
      file.write(head.bytes(), 0, head.length());
      items.copyTo(file);
    }
  }

  @Override
  public void close() throws IOException {
    items.close();
  }
}
