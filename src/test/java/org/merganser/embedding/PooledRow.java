package org.merganser.embedding;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.merganser.parquet.RowReader;

/** A row of a file that {@link PooledWriter} wrote; parquet-avro fills its fields. */
public final class PooledRow {
  public String docId = "";
  public int part;
  public int tokens;
  public float[] vector = new float[0];

  public static List<PooledRow> read(Path file) throws IOException {
    List<PooledRow> rows = new ArrayList<>();
    try (RowReader<PooledRow> in = new RowReader<>(file, PooledRow.class)) {
      in.request(
          Map.of(
              "docId", in.column("doc_id"),
              "part", in.column("part"),
              "tokens", in.column("num_tokens"),
              "vector", in.column("embedding")));
      for (PooledRow row = in.next(); row != null; row = in.next()) {
        rows.add(row);
      }
    }
    return rows;
  }
}
