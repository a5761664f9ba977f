package org.merganser.embedding;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.jspecify.annotations.Nullable;
import org.merganser.parquet.ColumnarReader;
import org.merganser.parquet.FloatLists;
import org.merganser.parquet.ShardException;

/**
 * Reads an embedding table row by row and checks what makes it one: ids 0, 1, 2, ..., one length,
 * finite floats. Any writer's Parquet is read, with the list named as the writer names it.
 */
public final class TableReader implements Closeable {
  private final Path path;
  private final ColumnarReader in;
  private final ColumnDescriptor vector;
  private @Nullable ColumnReader ids;
  private @Nullable FloatLists vectors;
  private int dim = -1;
  private int nextId;

  public TableReader(Path path) throws IOException {
    this.path = path;
    try {
      this.in = new ColumnarReader(path);
    } catch (ShardException e) {
      throw new EmbeddingException(String.valueOf(e.getMessage()), e);
    }
    try {
      this.vector = TableSchema.check(in.schema(), path);
    } catch (EmbeddingException e) {
      in.close();
      throw e;
    }
    in.request(Set.of("id", "embedding"));
  }

  public long rows() {
    return in.rows();
  }

  /** Floats of a row, known from the first row on; -1 before. */
  public int dim() {
    return dim;
  }

  /** The vector of the row that {@link #next} read, in the first {@link #dim} places. */
  public float[] row() {
    return Objects.requireNonNull(vectors).floats();
  }

  /**
   * Reads the next row; false at the end.
   *
   * @throws EmbeddingException naming the file and the first offending id
   */
  public boolean next() throws IOException {
    try {
      if (!in.nextRow(this::openRowGroup)) {
        return false;
      }
      ColumnReader id = Objects.requireNonNull(ids);
      if (id.getCurrentDefinitionLevel() < id.getDescriptor().getMaxDefinitionLevel()) {
        throw wrong("the row after id " + (nextId - 1) + " has no id");
      }
      check(ColumnarReader.integer(id), Objects.requireNonNull(vectors).read());
      return true;
    } catch (EmbeddingException e) {
      throw e;
    } catch (RuntimeException e) {
      ShardException damage = in.damaged(e);
      throw new EmbeddingException(String.valueOf(damage.getMessage()), damage);
    }
  }

  private void openRowGroup() {
    ids = in.column("id");
    vectors = in.floatLists(vector, ColumnReader::getFloat);
  }

  private void check(int id, int length) {
    if (id != nextId) {
      throw wrong(
          id >= 0 && id < nextId
              ? "id " + id + " comes after id " + (nextId - 1) + ": duplicate or unsorted"
              : "id " + nextId + " is missing: the row after id " + (nextId - 1) + " has id " + id);
    }
    float[] row = row();
    if (dim < 0) {
      dim = length;
      if (dim == 0) {
        throw wrong("the vector of id 0 is empty");
      }
    } else if (length != dim) {
      throw wrong("the vector of id " + id + " has " + length + " values, that of id 0 " + dim);
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
