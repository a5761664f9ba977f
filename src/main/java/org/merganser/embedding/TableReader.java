package org.merganser.embedding;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.apache.parquet.column.ColumnReader;
import org.jspecify.annotations.Nullable;
import org.merganser.parquet.ColumnarReader;
import org.merganser.parquet.ShardException;

/**
 * Reads an embedding table row by row and checks what makes it one: ids 0, 1, 2, ..., one length,
 * finite floats. Any writer's Parquet is read, with the list named as the writer names it.
 */
public final class TableReader implements Closeable {
  private final Path path;
  private final ColumnarReader in;
  private final String[] vector;
  private float[] row = new float[0];
  private int dim = -1;
  private int nextId;
  private long left;
  private @Nullable ColumnReader ids;
  private @Nullable ColumnReader floats;

  public TableReader(Path path) throws IOException {
    this.path = path;
    try {
      this.in = new ColumnarReader(path);
    } catch (ShardException e) {
      throw new EmbeddingException(String.valueOf(e.getMessage()), e);
    }
    try {
      this.vector = TableSchema.check(in, path);
      in.request(TableSchema.project(in.schema(), "id", "embedding"));
    } catch (EmbeddingException e) {
      in.close();
      throw e;
    }
  }

  Map<String, String> metadata() {
    return in.metadata();
  }

  public long rows() {
    return in.rows();
  }

  /** Of the first row on; -1 before. */
  public int dim() {
    return dim;
  }

  /** The row that {@link #next} read, {@code [0, dim)}; overwritten by the next one. */
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
      while (left == 0) {
        left = in.nextRowGroup();
        if (left < 0) {
          left = 0;
          return false;
        }
        ids = in.column("id");
        floats = in.column(vector);
      }
      left--;
      read(java.util.Objects.requireNonNull(ids), java.util.Objects.requireNonNull(floats));
      return true;
    } catch (EmbeddingException e) {
      throw e;
    } catch (ShardException e) {
      throw new EmbeddingException(String.valueOf(e.getMessage()), e);
    } catch (RuntimeException e) {
      throw new EmbeddingException(path + " is damaged: " + e.getMessage(), e);
    }
  }

  private void read(ColumnReader idColumn, ColumnReader values) {
    if (idColumn.getCurrentDefinitionLevel() < idColumn.getDescriptor().getMaxDefinitionLevel()) {
      throw wrong("the row after id " + (nextId - 1) + " has no id");
    }
    int id = idColumn.getInteger();
    idColumn.consume();
    if (id != nextId) {
      throw wrong(
          id >= 0 && id < nextId
              ? "id " + id + " comes after id " + (nextId - 1) + ": duplicate or unsorted"
              : "id " + nextId + " is missing: the row after id " + (nextId - 1) + " has id " + id);
    }
    int length = readVector(id, values);
    if (dim < 0) {
      dim = length;
      if (dim == 0) {
        throw wrong("the vector of id 0 is empty");
      }
    } else if (length != dim) {
      throw wrong("the vector of id " + id + " has " + length + " values, that of id 0 " + dim);
    }
    nextId++;
  }

  private int readVector(int id, ColumnReader values) {
    int full = values.getDescriptor().getMaxDefinitionLevel();
    int length = 0;
    do {
      if (values.getCurrentDefinitionLevel() == full) {
        if (length == row.length) {
          row = java.util.Arrays.copyOf(row, Math.max(256, 2 * length));
        }
        float value = values.getFloat();
        if (!Float.isFinite(value)) {
          throw wrong("the vector of id " + id + " has " + value + " at " + length);
        }
        row[length++] = value;
      } else if (length > 0 || values.getCurrentDefinitionLevel() == full - 1 && full > 1) {
        throw wrong("the vector of id " + id + " has no value (null) at " + length);
      }
      values.consume();
    } while (values.getCurrentRepetitionLevel() > 0);
    return length;
  }

  private EmbeddingException wrong(String what) {
    return new EmbeddingException(
        path
            + ": "
            + what
            + "; a table has the ids 0 to rows-1, each once, in order, and finite"
            + " vectors of one length");
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
