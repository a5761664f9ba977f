package org.merganser.embedding;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.apache.parquet.column.ColumnReader;
import org.jspecify.annotations.Nullable;
import org.merganser.parquet.ColumnarReader;

/** Reads what {@link PooledWriter} wrote, row by row. */
public final class PooledReader implements Closeable {
  private final ColumnarReader in;
  private @Nullable ColumnReader ids;
  private @Nullable ColumnReader floats;
  private String docId = "";
  private float[] vector = new float[0];
  private long left;

  /**
   * @throws org.merganser.parquet.ShardException when the file is no readable Parquet
   */
  public PooledReader(Path file) throws IOException {
    this.in = new ColumnarReader(file);
  }

  public String docId() {
    return docId;
  }

  /** The vector of the row, overwritten by the next one. */
  public float[] vector() {
    return vector;
  }

  /** Reads the next row; false at the end. */
  public boolean next() throws IOException {
    while (left == 0) {
      left = in.nextRowGroup();
      if (left < 0) {
        left = 0;
        return false;
      }
      ids = in.column("doc_id");
      floats = in.column("embedding", "list", "element");
    }
    left--;
    ColumnReader id = Objects.requireNonNull(ids);
    docId = id.getBinary().toStringUsingUTF8();
    id.consume();
    ColumnReader values = Objects.requireNonNull(floats);
    int length = 0;
    do {
      if (length == vector.length) {
        vector = java.util.Arrays.copyOf(vector, length == 0 ? 1 : 2 * length);
      }
      vector[length++] = values.getFloat();
      values.consume();
    } while (values.getCurrentRepetitionLevel() > 0);
    if (length < vector.length) {
      vector = java.util.Arrays.copyOf(vector, length); // the first row; the others are as long
    }
    return true;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
