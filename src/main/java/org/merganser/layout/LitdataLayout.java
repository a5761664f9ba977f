package org.merganser.layout;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.merganser.binary.ByteBuilder;
import org.merganser.checksum.FileSum;
import org.merganser.json.Json;
import org.merganser.shard.ShardRow;
import org.merganser.store.FileStore;
import org.merganser.store.SummedOutputStream;

/**
 * Lightning's litData as litGPT reads it, with TokensLoader (litdata/streaming/item_loader.py,
 * writer.py): chunks of items and {@code index.json}. An item has the ids of a document or packed
 * sequence. The loader concatenates the ids of a chunk and cuts them into blocks. Ids are int32, as
 * litGPT writes them: torch supports uint16 only in recent versions and few functions.
 */
final class LitdataLayout extends ShardLayout {
  static final String SUFFIX = ".chunk.bin";

  /** 64 MiB of ids, the chunk size of litGPT's own scripts. */
  private static final int CHUNK_TOKENS = 1 << 24;

  /** Places are 32 bits, unsigned. */
  private static final long MAX_BYTES = 0xFFFF_FFFFL;

  /** torch.int32 in litdata/constants.py: 15, or 16 for its alias, which litData writes. */
  private static final int INT32 = 16;

  LitdataLayout() {
    super(new Shape("litdata", List.of(SUFFIX), -1, Sequences.FILLED, false));
  }

  @Override
  public long maxTokens() {
    return (Integer.MAX_VALUE - 64) / 4;
  }

  @Override
  long partTokens() {
    return CHUNK_TOKENS;
  }

  @Override
  Part newPart(Files files, Ids ids, Map<String, String> metadata) throws IOException {
    return new LitdataPart(files.file(SUFFIX), ids);
  }

  /** The place of the first id in a chunk with this many items, after their number and places. */
  static long firstId(long items) {
    return Integer.BYTES * (items + 2);
  }

  static long items(InputStream chunk) throws IOException {
    ByteBuffer count = ByteBuffer.wrap(chunk.readNBytes(4)).order(ByteOrder.LITTLE_ENDIAN);
    return count.getInt() & 0xFFFF_FFFFL;
  }

  @Override
  public Map<String, byte[]> folderFiles(List<PartFile> parts) throws IOException {
    ObjectNode index = JsonNodeFactory.instance.objectNode();
    ArrayNode chunks = index.putArray("chunks");
    for (PartFile part : parts) {
      long items;
      try (InputStream in = FileStore.of(part.location()).open(part.location(), 0)) {
        items = items(in);
      }
      long dim = (part.size() - firstId(items)) / Integer.BYTES;
      if (dim > 0) { // the loader maps the bytes after the places, and cannot map zero bytes
        ObjectNode chunk = chunks.addObject();
        chunk.put("chunk_bytes", part.size());
        chunk.put("chunk_size", items);
        chunk.put("dim", dim);
        chunk.put("filename", part.name());
      }
    }
    ObjectNode config = index.putObject("config");
    config.put("chunk_bytes", (long) Integer.BYTES * CHUNK_TOKENS);
    config.putNull("chunk_size");
    config.putNull("compression");
    config.putArray("data_format").add("no_header_tensor:" + INT32);
    config.put("data_spec", "[1, {\"type\": null, \"context\": null, \"children_spec\": []}]");
    config.putNull("encryption");
    config.put("item_loader", "TokensLoader");
    return Map.of("index.json", Json.file(index));
  }

  /**
   * A chunk: the number of items, the start of each item and the end of the last (all u32, in bytes
   * from the start of the file), and then the items. The starts depend on the number of items, so
   * the items are kept on disk until it is known, and 4 bytes of each in memory.
   */
  private static final class LitdataPart implements Part {
    private final Path path;
    private final Ids ids;
    private final SpillFile items;
    private final ByteBuilder item = new ByteBuilder(256);
    private final ByteBuilder ends = new ByteBuilder(256);
    private long count;

    LitdataPart(Path path, Ids ids) throws IOException {
      this.path = path;
      this.ids = ids;
      this.items = new SpillFile(path, "items");
    }

    /** Whether the row as the last item still ends at a place that 32 bits can hold. */
    @Override
    public boolean takes(ShardRow row) {
      long bytes = (long) Integer.BYTES * Math.max(row.count, ids.sequenceLength());
      return firstId(count + 1) + items.size() + bytes <= MAX_BYTES;
    }

    @Override
    public void write(ShardRow row) throws IOException {
      item.clear();
      for (int i = 0; i < row.count; i++) {
        item.appendInt(row.ids[i]);
      }
      for (int i = ids.missing(row); i > 0; i--) {
        item.appendInt(ids.padId());
      }
      items.write(item);
      ends.appendInt((int) items.size());
      count++;
    }

    @Override
    public Map<String, FileSum> finish() throws IOException {
      int first = (int) firstId(count);
      try (SummedOutputStream file = SummedOutputStream.of(path)) {
        ByteBuilder head = new ByteBuilder(256);
        head.appendInt((int) count);
        head.appendInt(first);
        ByteBuffer places = ByteBuffer.wrap(ends.toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
        while (places.hasRemaining()) {
          head.appendInt(places.getInt() + first);
        }
        file.write(head.bytes(), 0, head.length());
        items.copyTo(file);
        file.flush();
        return Map.of(SUFFIX, file.sum());
      }
    }

    @Override
    public void close() throws IOException {
      items.close();
    }
  }
}
