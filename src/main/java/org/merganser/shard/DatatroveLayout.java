package org.merganser.shard;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * datatrove's tokenized files (Nanotron reads them): ids in {@code .ds}, where each document ends
 * in {@code .ds.index} (u64, in ids), and {@code .ds.metadata} of three lines: tokenizer and id
 * size, count of ids, the count for a person.
 */
final class DatatroveLayout implements ShardLayout {
  /** datatrove takes 2 bytes for vocabularies of up to 65,535. */
  private static final int UINT16_BOUND = 65_535;

  @Override
  public String name() {
    return "datatrove";
  }

  @Override
  public List<String> suffixes() {
    return List.of(".ds", ".ds.index", ".ds.metadata");
  }

  @Override
  public long maxTokens() {
    return Long.MAX_VALUE;
  }

  @Override
  public int idBytes(int bound) {
    return IdWidth.of(bound, UINT16_BOUND).bytes();
  }

  @Override
  public Part newPart(Path folder, String name, int bound, Map<String, String> metadata)
      throws IOException {
    IdWidth width = IdWidth.of(bound, UINT16_BOUND);
    String tokenizer = metadata.getOrDefault(ParquetShardWriter.TOKENIZER_SHA256, "unknown");
    return new DatatrovePart(
        new IdFile(folder.resolve(name + ".ds"), width, bound, 0),
        new BufferedOutputStream(Files.newOutputStream(folder.resolve(name + ".ds.index"))),
        folder.resolve(name + ".ds.metadata"),
        "sha256:" + tokenizer + "|" + width.bytes());
  }

  private static final class DatatrovePart implements Part {
    private final IdFile ids;
    private final OutputStream index;
    private final Path metadata;
    private final String tokenizer;
    private boolean open;

    DatatrovePart(IdFile ids, OutputStream index, Path metadata, String tokenizer) {
      this.ids = ids;
      this.index = index;
      this.metadata = metadata;
      this.tokenizer = tokenizer;
    }

    @Override
    public void write(ShardRow row) throws IOException {
      if (row.part == 0) {
        endDocument();
      }
      ids.write(row);
      open = true;
    }

    private void endDocument() throws IOException {
      if (open) {
        ByteSink end = new ByteSink();
        end.putLong(ids.ids());
        index.write(end.bytes(), 0, 8);
        open = false;
      }
    }

    @Override
    public void finish() throws IOException {
      endDocument();
      index.flush();
      ids.finish(new byte[0]);
      String text = tokenizer + "\n" + ids.ids() + "\n" + ids.ids() + " tokens";
      Files.write(metadata, text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() throws IOException {
      try (index;
          ids) {
        open = false;
      }
    }
  }
}
