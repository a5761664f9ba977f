package org.merganser.layout;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.EOFException;
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
  /** The suffix of a chunk. */
  static final String SUFFIX = ".chunk.bin";

  /** Ids of a chunk, 64 MiB: the size in litGPT's own scripts. */
  private static final int CHUNK_TOKENS = 1 << 24;

  /** The largest place in a chunk, which is an unsigned number of 32 bits. */
  private static final long MAX_BYTES = 0xFFFF_FFFFL;

  /**
   * The number of torch.int32 in litdata/constants.py. The list there has the type twice, as 15 and
   * as 16; litData writes 16.
   */
  private static final int INT32 = 16;

  /** Bytes that Java or numpy may need in an array besides the ids, such as a chunk's header. */
  private static final int RESERVED_BYTES = 64;

  LitdataLayout() {
    super(new Shape("litdata", List.of(SUFFIX), NEVER_UINT16, Sequences.FILLED, LossMask.REFUSED));
  }

  /** As many ids as fit into an array of bytes in Java or numpy. */
  @Override
  long maxFileTokens() {
    return (Integer.MAX_VALUE - RESERVED_BYTES) / Integer.BYTES;
  }

  @Override
  long defaultPartTokens() {
    return CHUNK_TOKENS;
  }

  /** {@link #firstId} of the number of items, with which the file begins. */
  @Override
  String firstByteInPython() {
    return "4 * (2 + int(numpy.fromfile(f, \"int32\", 1)[0]))";
  }

  @Override
  Part newPart(FilesOfPart files, IdSettings settings, Map<String, String> metadata)
      throws IOException {
    return new LitdataPart(files.file(SUFFIX), settings);
  }

  /** The place of the first id in a chunk with this many items, after their number and places. */
  static long firstId(long items) {
    return Integer.BYTES * (items + 2);
  }

  /**
   * Reads the number of items from the beginning of a chunk.
   *
   * @throws EOFException if it has fewer bytes
   */
  static long readItemCount(InputStream chunk) throws IOException {
    byte[] count = chunk.readNBytes(Integer.BYTES);
    if (count.length < Integer.BYTES) {
      throw new EOFException("a chunk of litdata has only " + count.length + " bytes");
    }
    return Integer.toUnsignedLong(ByteBuffer.wrap(count).order(ByteOrder.LITTLE_ENDIAN).getInt());
  }

  /** The file {@code index.json}, which lists the chunks. */
  @Override
  public Map<String, byte[]> folderFiles(List<PartFile> parts) throws IOException {
    ObjectNode index = JsonNodeFactory.instance.objectNode();
    ArrayNode chunks = index.putArray("chunks");
    for (PartFile part : parts) {
      addChunk(chunks, part);
    }
    addConfig(index.putObject("config"));
    return Map.of("index.json", Json.file(index));
  }

  /** Adds a chunk unless it has no ids: the loader maps their bytes, and cannot map zero bytes. */
  private static void addChunk(ArrayNode chunks, PartFile part) throws IOException {
    long items;
    try (InputStream in = FileStore.of(part.location()).open(part.location(), 0)) {
      items = readItemCount(in);
    }
    long ids = (part.size() - firstId(items)) / Integer.BYTES;
    if (ids > 0) {
      ObjectNode chunk = chunks.addObject();
      chunk.put("chunk_bytes", part.size());
      chunk.put("chunk_size", items);
      chunk.put("dim", ids);
      chunk.put("filename", part.name());
    }
  }

  /** Adds what the loader has to know of all chunks. */
  private static void addConfig(ObjectNode config) {
    config.put("chunk_bytes", (long) Integer.BYTES * CHUNK_TOKENS);
    config.putNull("chunk_size");
    config.putNull("compression");
    config.putArray("data_format").add("no_header_tensor:" + INT32);
    config.put("data_spec", "[1, {\"type\": null, \"context\": null, \"children_spec\": []}]");
    config.putNull("encryption");
    config.put("item_loader", "TokensLoader");
  }

  /**
   * A chunk: the number of items, the start of each item and the end of the last (all u32, in bytes
   * from the start of the file), and then the items. The starts depend on the number of items, so
   * the items are kept on disk until it is known, and in memory 4 bytes for each item.
   */
  private static final class LitdataPart implements Part {
    private final Path path;
    private final IdSettings settings;

    /** The ids of all rows so far. */
    private final SpillFile items;

    /** The bytes of the row that is being written. */
    private final ByteBuilder item = new ByteBuilder(256);

    /** The end of each item, in bytes from the beginning of the first one; unsigned (u32). */
    private final ByteBuilder ends = new ByteBuilder(256);

    /** The number of items. */
    private long count;

    LitdataPart(Path path, IdSettings settings) throws IOException {
      this.path = path;
      this.settings = settings;
      this.items = new SpillFile(path, "items");
    }

    /** Whether the row, as the last item, ends at a place that 32 bits can hold. */
    @Override
    public boolean takes(ShardRow row) {
      long bytes = (long) Integer.BYTES * Math.max(row.count, settings.sequenceLength());
      return firstId(count + 1) + items.size() + bytes <= MAX_BYTES;
    }

    @Override
    public void write(ShardRow row) throws IOException {
      item.clear();
      for (int i = 0; i < row.count; i++) {
        item.appendInt(row.ids[i]);
      }
      for (int missing = settings.missing(row); missing > 0; missing--) {
        item.appendInt(settings.padId());
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
