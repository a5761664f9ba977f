package org.merganser.embedding;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.merganser.parquet.RowReader;

/** Reads what {@link PooledWriter} wrote, row by row. */
public final class PooledReader implements Closeable {
  private final RowReader<Row> in;
  private Row row = new Row();

  /** A row of the file; parquet-avro fills its fields. */
  static final class Row {
    String docId = "";
    float[] vector = new float[0];
  }

  /**
   * @throws org.merganser.parquet.ShardException when the file is no readable Parquet
   */
  public PooledReader(Path file) throws IOException {
    this.in = new RowReader<>(file, Row.class);
    in.request(Map.of("docId", in.column("doc_id"), "vector", in.column("embedding")));
  }

  public String docId() {
    return row.docId;
  }

  /** The vector of the row. */
  public float[] vector() {
    return row.vector;
  }

  /** Reads the next row; false at the end. */
  public boolean next() throws IOException {
    Row read = in.next();
    if (read == null) {
      return false;
    }
    row = read;
    return true;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
