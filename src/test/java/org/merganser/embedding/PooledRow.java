package org.merganser.embedding;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.example.data.Group;
import org.merganser.parquet.ParquetRows;

/** A row of a file that {@link PooledWriter} wrote. */
public final class PooledRow {
  public String docId = "";
  public int part;
  public int tokens;
  public float[] vector = new float[0];

  public static List<PooledRow> read(Path file) throws IOException {
    List<PooledRow> rows = new ArrayList<>();
    for (Group group : ParquetRows.of(file)) {
      PooledRow row = new PooledRow();
      row.docId = group.getString("doc_id", 0);
      row.part = group.getInteger("part", 0);
      row.tokens = group.getInteger("num_tokens", 0);
      row.vector = ParquetRows.floats(group, "embedding");
      rows.add(row);
    }
    return rows;
  }
}
