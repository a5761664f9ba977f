package org.merganser.layout;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.merganser.json.Json;
import org.merganser.parquet.ByteSink;
import org.merganser.shard.ShardRow;

/**
 * MosaicML streaming's MDS (streaming/base/format/mds/writer.py): in each shard the count of
 * samples, where each begins, the columns as JSON, and the samples; {@code index.json} lists the
 * shards with their sums. The ids are the column {@code tokens}, an array of int32 as llm-foundry
 * takes them.
 */
final class MdsLayout extends ShardLayout {
  /** As MosaicML's own writer cuts shards; a sample may lie beyond it. */
  private static final int SIZE_LIMIT = 1 << 26;

  /** The most bytes of the header of a zstd frame. */
  private static final int FRAME_HEADER_BYTES = 18;

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  static final String ZSTD_SUFFIX = ".mds.zstd";

  private final boolean zstd;

  MdsLayout(boolean zstd) {
    super(
        zstd ? "mds-zstd" : "mds",
        List.of(zstd ? ZSTD_SUFFIX : ".mds"),
        (Integer.MAX_VALUE - 64) / 4);
    this.zstd = zstd;
  }

  @Override
  long partTokens() {
    return SIZE_LIMIT / 4;
  }

  @Override
  int idBytes(int bound) {
    return 4;
  }

  @Override
  boolean hasProvenance() {
    return true;
  }

  @Override
  MaskPlace maskPlace() {
    return MaskPlace.WITHIN;
  }

  @Override
  public boolean describesFolder() {
    return true;
  }

  @Override
  Part newPart(Files files, Ids ids, Map<String, String> metadata, boolean masked)
      throws IOException {
    byte[] config = config(columns(ids, masked)).toString().getBytes(StandardCharsets.UTF_8);
    return new MdsPart(
        new ItemFile(files.file(suffixes().get(0)), name(), config, zstd),
        ids.bound(),
        columns(ids, masked));
  }

  private static List<MdsSample.Column> columns(Ids ids, boolean masked) {
    return MdsSample.columns(ids.sequenceLength() > 0, masked);
  }

  /** The columns of a shard, in the order of their names, as the format demands. */
  private ObjectNode config(List<MdsSample.Column> columns) {
    ObjectNode config = JSON.objectNode();
    ArrayNode encodings = config.putArray("column_encodings");
    ArrayNode names = config.putArray("column_names");
    ArrayNode sizes = config.putArray("column_sizes");
    for (MdsSample.Column column : columns) {
      encodings.add(column.encoding());
      names.add(column.name());
      if (column.size() == 0) {
        sizes.addNull();
      } else {
        sizes.add(column.size());
      }
    }
    if (zstd) {
      config.put("compression", "zstd");
    } else {
      config.putNull("compression");
    }
    config.put("format", "mds");
    config.putArray("hashes").add("sha256");
    config.put("size_limit", SIZE_LIMIT);
    config.put("version", 2);
    return config;
  }

  @Override
  public Map<String, byte[]> folderFiles(
      Ids ids, List<PartFile> parts, String tokenizerSha256, boolean masked, @Nullable String split)
      throws IOException {
    ObjectNode index = JSON.objectNode();
    ArrayNode shards = index.putArray("shards");
    for (PartFile part : parts) {
      ObjectNode shard = config(columns(ids, masked));
      if (zstd) {
        describeCompressed(part, shard);
      } else {
        describe(part.name(), part.size(), shard.putObject("raw_data"))
            .put("sha256", part.sha256());
        shard.put("samples", samples(part.open().open()));
        shard.putNull("zip_data");
      }
      shards.add(shard);
    }
    index.put("version", 2);
    return Map.of("index.json", Json.file(index));
  }

  /**
   * Of a compressed shard: the reader checks the sum of what it loads, and of what it decompresses
   * needs the size alone, which stands in the header of the frame.
   */
  private static void describeCompressed(PartFile part, ObjectNode shard) throws IOException {
    byte[] head;
    try (InputStream in = part.open().open()) {
      head = in.readNBytes(FRAME_HEADER_BYTES);
    }
    String raw = part.name().substring(0, part.name().length() - ".zstd".length());
    describe(raw, Zstd.getFrameContentSize(head), shard.putObject("raw_data"));
    shard.put("samples", samples(new ZstdInputStreamNoFinalizer(part.open().open())));
    describe(part.name(), part.size(), shard.putObject("zip_data")).put("sha256", part.sha256());
  }

  /** Describes a file; returns its sums, for the caller to fill. */
  private static ObjectNode describe(String name, long bytes, ObjectNode file) {
    file.put("basename", name);
    file.put("bytes", bytes);
    return file.putObject("hashes");
  }

  /** The count that a shard begins with; closes it. */
  private static long samples(InputStream shard) throws IOException {
    try (InputStream in = shard) {
      return ByteBuffer.wrap(in.readNBytes(4)).order(ByteOrder.LITTLE_ENDIAN).getInt()
          & 0xFFFF_FFFFL;
    }
  }

  private static final class MdsPart implements Part {
    private final ItemFile file;
    private final int bound;
    private final List<MdsSample.Column> columns;
    private final ByteSink sample = new ByteSink();

    MdsPart(ItemFile file, int bound, List<MdsSample.Column> columns) {
      this.file = file;
      this.bound = bound;
      this.columns = columns;
    }

    @Override
    public boolean takes(ShardRow row) {
      if (file.takes(Integer.MAX_VALUE)) {
        return true; // no sample is larger than an array
      }
      sample.clear();
      MdsSample.write(row, columns, sample);
      return file.takes(sample.size());
    }

    @Override
    public void write(ShardRow row) throws IOException {
      IdFile.refuseBeyond(row, bound, "mds");
      sample.clear();
      MdsSample.write(row, columns, sample);
      file.add(sample);
    }

    @Override
    public void finish() throws IOException {
      file.finish();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
