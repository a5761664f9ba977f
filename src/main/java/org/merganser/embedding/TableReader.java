package org.merganser.embedding;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.apache.parquet.column.ColumnDescriptor;
import org.jspecify.annotations.Nullable;
import org.merganser.parquet.RowReader;
import org.merganser.parquet.ShardException;

/**
 * Reads an embedding table row by row and checks what makes it one: ids 0, 1, 2, ..., one length,
 * finite floats. Any writer's Parquet is read, with the list named as the writer names it.
 */
public final class TableReader implements Closeable {
  private final Path path;
  private final RowReader<Row> in;
  private float[] row = new float[0];
  private int dim = -1;
  private int nextId;

  /** A row of the table; parquet-avro fills its fields. */
  static final class Row {
    @Nullable Integer id;
    float[] embedding = new float[0];
  }

  public TableReader(Path path) throws IOException {
    this.path = path;
    try {
      this.in = new RowReader<>(path, Row.class);
    } catch (ShardException e) {
      throw new EmbeddingException(String.valueOf(e.getMessage()), e);
    }
    try {
      ColumnDescriptor vector = TableSchema.check(in.schema(), path);
      in.request(Map.of("id", in.column("id"), "embedding", vector));
    } catch (EmbeddingException e) {
      in.close();
      throw e;
    } catch (ShardException e) {
      in.close();
      throw new EmbeddingException(String.valueOf(e.getMessage()), e);
    }
  }

  public long rows() {
    return in.rows();
  }

  /** Floats of a row, known from the first row on; -1 before. */
  public int dim() {
    return dim;
  }

  /** The vector of the row that {@link #next} read, of length {@link #dim}. */
  public float[] row() {
    return row;
  }

  /**
   * Reads the next row; false at the end.
   *
   * @throws EmbeddingException naming the file and the first offending id
   */
  public boolean next() throws IOException {
    try {
      Row read = in.next();
      if (read != null) {
        check(read);
      }
      return read != null;
    } catch (ShardException e) {
      throw new EmbeddingException(String.valueOf(e.getMessage()), e);
    }
  }

  private void check(Row read) {
    if (read.id == null) {
      throw wrong("the row after id " + (nextId - 1) + " has no id");
    }
    int id = read.id;
    if (id != nextId) {
      throw wrong(
          id >= 0 && id < nextId
              ? "id " + id + " comes after id " + (nextId - 1) + ": duplicate or unsorted"
              : "id " + nextId + " is missing: the row after id " + (nextId - 1) + " has id " + id);
    }
    row = read.embedding;
    if (dim < 0) {
      dim = row.length;
      if (dim == 0) {
        throw wrong("the vector of id 0 is empty");
      }
    } else if (row.length != dim) {
      throw wrong("the vector of id " + id + " has " + row.length + " values, that of id 0 " + dim);
    }
    for (int i = 0; i < dim; i++) {
      if (!Float.isFinite(row[i])) {
        throw wrong("the vector of id " + id + " has " + row[i] + " at " + i);
      }
    }
    nextId++;
  }

  private EmbeddingException wrong(String what) {
    return new EmbeddingException(
        ("%s: %s; a table has the ids 0 to rows-1, each once, in order, and finite"
                + " vectors of one length")
            .formatted(path, what));
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
