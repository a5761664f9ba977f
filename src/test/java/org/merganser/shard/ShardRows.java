package org.merganser.shard;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What Parquet shards hold, a row object each. */
public final class ShardRows {
  private ShardRows() {}

  /** The rows of a shard, or of all shards of a folder; none where there is neither. */
  public static List<ShardRow> of(Path shards) throws IOException {
    List<ShardRow> rows = new ArrayList<>();
    if (!Files.exists(shards)) {
      return rows;
    }
    try (Stream<Path> files = Files.walk(shards)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        try (ShardReader reader = new ShardReader(file)) {
          for (ShardRow row = new ShardRow(); reader.next(row); row = new ShardRow()) {
            row.ids = ids(row); // the reader's own array is filled anew
            row.mask = row.mask == null ? null : Arrays.copyOf(row.mask, row.count);
            rows.add(row);
          }
        }
      }
    }
    return rows;
  }

  /** The row of a whole document. */
  public static ShardRow row(String docId, String file, long offset, int part, int... ids) {
    ShardRow row = new ShardRow();
    row.docId = docId;
    row.file = file;
    row.offset = offset;
    row.part = part;
    row.ids = ids;
    row.count = ids.length;
    return row;
  }

  /** Writes a shard that names a tokenizer. */
  public static Path write(Path file, String tokenizer, List<ShardRow> rows) throws IOException {
    try (ParquetShardWriter out =
        new ParquetShardWriter(
            file, Map.of(ParquetShardWriter.TOKENIZER_SHA256, tokenizer), ShardColumns.DOCUMENTS)) {
      for (ShardRow row : rows) {
        out.write(row);
      }
    }
    return file;
  }

  /** The ids of a row. */
  public static int[] ids(ShardRow row) {
    return Arrays.copyOf(row.ids, row.count);
  }
}
