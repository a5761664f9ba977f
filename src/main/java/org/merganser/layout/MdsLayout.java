package org.merganser.layout;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  MdsLayout() {
    super("mds", List.of(".mds"), (Integer.MAX_VALUE - 64) / 4);
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
  public boolean describesFolder() {
    return true;
  }

  @Override
  Part newPart(Files files, Ids ids, Map<String, String> metadata) throws IOException {
    return new MdsPart(files.file(".mds"), ids);
  }

  /** The columns of a shard, in the order of their names, as the format demands. */
  private static ObjectNode config(Ids ids) {
    ObjectNode config = JSON.objectNode();
    ArrayNode encodings = config.putArray("column_encodings");
    ArrayNode names = config.putArray("column_names");
    ArrayNode sizes = config.putArray("column_sizes");
    for (MdsSample.Column column : MdsSample.columns(ids.sequenceLength() > 0)) {
      encodings.add(column.encoding());
      names.add(column.name());
      if (column.size() == 0) {
        sizes.addNull();
      } else {
        sizes.add(column.size());
      }
    }
    config.putNull("compression");
    config.put("format", "mds");
    config.putArray("hashes").add("sha256");
    config.put("size_limit", SIZE_LIMIT);
    config.put("version", 2);
    return config;
  }

  @Override
  public Map<String, byte[]> folderFiles(Ids ids, List<PartFile> parts, String tokenizerSha256)
      throws IOException {
    ObjectNode index = JSON.objectNode();
    ArrayNode shards = index.putArray("shards");
    for (PartFile part : parts) {
      ObjectNode shard = config(ids);
      ObjectNode raw = shard.putObject("raw_data");
      raw.put("basename", part.name());
      raw.put("bytes", part.size());
      raw.putObject("hashes").put("sha256", part.sha256());
      shard.put("samples", samples(part));
      shard.putNull("zip_data");
      shards.add(shard);
    }
    index.put("version", 2);
    return Map.of("index.json", Json.file(index));
  }

  /** The count that a shard begins with. */
  private static long samples(PartFile part) throws IOException {
    try (InputStream in = part.open().open()) {
      return ByteBuffer.wrap(in.readNBytes(4)).order(ByteOrder.LITTLE_ENDIAN).getInt()
          & 0xFFFF_FFFFL;
    }
  }

  private static final class MdsPart implements Part {
    private final Ids ids;
    private final ItemFile file;
    private final ByteSink sample = new ByteSink();

    MdsPart(Path path, Ids ids) throws IOException {
      this.ids = ids;
      this.file =
          new ItemFile(path, "mds", config(ids).toString().getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public boolean takes(ShardRow row) {
      if (file.takes(Integer.MAX_VALUE)) {
        return true; // no sample is larger than an array
      }
      sample.clear();
      MdsSample.write(row, ids.sequenceLength() > 0, sample);
      return file.takes(sample.size());
    }

    @Override
    public void write(ShardRow row) throws IOException {
      IdFile.refuseBeyond(row, ids.bound(), "mds");
      sample.clear();
      MdsSample.write(row, ids.sequenceLength() > 0, sample);
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
