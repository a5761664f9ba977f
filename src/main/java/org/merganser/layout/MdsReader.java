package org.merganser.layout;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.merganser.json.Json;
import org.merganser.parquet.ShardException;
import org.merganser.shard.Piece;
import org.merganser.shard.RowReader;
import org.merganser.shard.ShardRow;
import org.merganser.store.Scratch;

/** Reads a shard of MDS whose columns are those of {@link MdsLayout}. */
final class MdsReader implements RowReader {
  private final Path path;
  private final FileChannel file;
  private final JsonNode config;
  private final long samples;
  private long next;

  MdsReader(Path path) throws IOException {
    this(path, FileChannel.open(path));
  }

  /** Reads a shard that is compressed as a whole, from a copy that is deleted with the reader. */
  static MdsReader ofCompressed(Path path) throws IOException {
    Path raw = Files.createTempFile(Scratch.ofThisProcess(), "mds-", ".raw");
    FileChannel file =
        FileChannel.open(
            raw,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE);
    try (InputStream in = new ZstdInputStreamNoFinalizer(Files.newInputStream(path))) {
      byte[] bytes = new byte[1 << 16];
      for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
        if (file.size() + read > ItemFile.MAX_BYTES) {
          throw new ShardException(path + ": holds more than the 4 GiB that an MDS shard can have");
        }
        ByteBuffer rest = ByteBuffer.wrap(bytes, 0, read);
        while (rest.hasRemaining()) {
          file.write(rest);
        }
      }
      return new MdsReader(path, file);
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private MdsReader(Path path, FileChannel file) throws IOException {
    this.path = path;
    this.file = file;
    this.samples = unsigned(bytes(0, 4).getInt());
    long configStart = 4 + 4 * (samples + 1);
    long first = unsigned(bytes(4, 4).getInt());
    if (first < configStart || first > file.size()) {
      throw new ShardException(path + " is not a shard of MDS, or is damaged");
    }
    this.config =
        Json.tree(
            array(configStart, (int) (first - configStart)), path.toString(), ShardException::new);
  }

  @Override
  public Map<String, String> metadata() {
    return Map.of();
  }

  @Override
  public boolean next(ShardRow row) throws IOException {
    if (next == samples) {
      return false;
    }
    ByteBuffer place = bytes(4 + 4 * next, 8);
    long begin = unsigned(place.getInt());
    long end = unsigned(place.getInt());
    next++;
    Map<String, ByteBuffer> sample = sample(bytes(begin, (int) (end - begin)));
    int[] tokens = ints(sample, "tokens");
    row.ids = tokens;
    row.count = tokens.length;
    row.mask = sample.containsKey(MdsSample.LOSS_MASK) ? flags(sample, MdsSample.LOSS_MASK) : null;
    row.clearOrigin();
    if (sample.containsKey("sequence_id")) {
      row.docId = text(sample, "sequence_id");
      row.pieces = pieces(sample);
    } else {
      row.docId = text(sample, "doc_id");
      row.file = text(sample, "file");
      row.offset = column(sample, "offset").getLong();
      row.part = (int) column(sample, "part").getLong();
      String group = text(sample, "group");
      row.group = group.isEmpty() ? null : group;
    }
    return true;
  }

  private List<Piece> pieces(Map<String, ByteBuffer> sample) {
    JsonNode docIds = Json.tree(array(sample, "doc_ids"), path.toString(), ShardException::new);
    JsonNode files = Json.tree(array(sample, "files"), path.toString(), ShardException::new);
    int[] starts = ints(sample, "starts");
    int[] parts = ints(sample, "parts");
    int[] positions = ints(sample, "positions");
    ByteBuffer offsets = column(sample, "offsets");
    shape(offsets);
    List<Piece> pieces = new ArrayList<>();
    for (int i = 0; i < starts.length; i++) {
      pieces.add(
          new Piece(
              starts[i],
              docIds.path(i).asText(),
              files.path(i).asText(),
              offsets.getLong(),
              parts[i],
              positions[i]));
    }
    return pieces;
  }

  private Map<String, ByteBuffer> sample(ByteBuffer data) {
    Map<String, ByteBuffer> sample = new HashMap<>();
    JsonNode names = config.path("column_names");
    JsonNode sizes = config.path("column_sizes");
    int[] size = new int[names.size()];
    for (int i = 0; i < size.length; i++) {
      size[i] = sizes.path(i).isNull() ? data.getInt() : sizes.path(i).intValue();
    }
    int at = data.position();
    for (int i = 0; i < size.length; i++) {
      sample.put(names.path(i).asText(), data.slice(at, size[i]).order(ByteOrder.LITTLE_ENDIAN));
      at += size[i];
    }
    return sample;
  }

  private ByteBuffer column(Map<String, ByteBuffer> sample, String name) {
    ByteBuffer column = sample.get(name);
    if (column == null) {
      throw new ShardException(path + ": has no column " + name + ", only " + sample.keySet());
    }
    return column;
  }

  private byte[] array(Map<String, ByteBuffer> sample, String name) {
    ByteBuffer column = column(sample, name);
    byte[] bytes = new byte[column.remaining()];
    column.get(bytes);
    return bytes;
  }

  private String text(Map<String, ByteBuffer> sample, String name) {
    return new String(array(sample, name), StandardCharsets.UTF_8);
  }

  private int[] ints(Map<String, ByteBuffer> sample, String name) {
    ByteBuffer column = column(sample, name);
    int[] values = new int[shape(column)];
    column.asIntBuffer().get(values);
    return values;
  }

  private int[] flags(Map<String, ByteBuffer> sample, String name) {
    ByteBuffer column = column(sample, name);
    int[] values = new int[shape(column)];
    for (int i = 0; i < values.length; i++) {
      values[i] = column.get();
    }
    return values;
  }

  /** Goes past the shape of an array of one dimension and returns its length. */
  private static int shape(ByteBuffer array) {
    return switch (array.get() & 3) {
      case 0 -> array.get() & 0xFF;
      case 1 -> array.getShort() & 0xFFFF;
      default -> array.getInt();
    };
  }

  private ByteBuffer bytes(long position, int count) throws IOException {
    return ByteBuffer.wrap(array(position, count)).order(ByteOrder.LITTLE_ENDIAN);
  }

  private byte[] array(long position, int count) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(count);
    while (bytes.hasRemaining()) {
      if (file.read(bytes, position + bytes.position()) < 0) {
        throw new EOFException(path + " is cut short");
      }
    }
    return bytes.array();
  }

  private static long unsigned(int value) {
    return value & 0xFFFF_FFFFL;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
