package org.merganser.embedding;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.jspecify.annotations.Nullable;
import org.merganser.shard.ColumnarReader;
import org.merganser.shard.ShardException;

/**
 * Vectors of a Parquet file of any column names: the named list column of FLOAT or DOUBLE, or the
 * only one there is. Rows count in the order of the file; an id column is not looked at.
 */
final class ParquetSource implements EmbeddingSource {
  private final Path path;
  private final ColumnarReader in;
  private final ColumnDescriptor column;
  private final boolean wide;
  private final int dim;
  private @Nullable ColumnReader values;
  private long left;
  private long row;

  ParquetSource(Path path, @Nullable String name) throws IOException {
    this.path = path;
    this.in = new ColumnarReader(path);
    List<ColumnDescriptor> vectors = new ArrayList<>();
    for (ColumnDescriptor c : in.schema().getColumns()) {
      PrimitiveTypeName type = c.getPrimitiveType().getPrimitiveTypeName();
      if (c.getMaxRepetitionLevel() == 1
          && (type == PrimitiveTypeName.FLOAT || type == PrimitiveTypeName.DOUBLE)
          && (name == null || c.getPath()[0].equals(name))) {
        vectors.add(c);
      }
    }
    if (vectors.size() != 1) {
      in.close();
      throw new EmbeddingException(
          path
              + " has "
              + vectors.size()
              + " columns that are lists of FLOAT or DOUBLE"
              + (name == null ? "" : " and called " + name)
              + "; name one of "
              + in.schema().getFields());
    }
    this.column = vectors.get(0);
    this.wide = column.getPrimitiveType().getPrimitiveTypeName() == PrimitiveTypeName.DOUBLE;
    in.request(TableSchema.project(in.schema(), column.getPath()[0]));
    try (ColumnarReader ahead = new ColumnarReader(path)) { // pages are read once a reader
      ahead.request(TableSchema.project(ahead.schema(), column.getPath()[0]));
      this.dim = firstLength(ahead);
    }
  }

  private int firstLength(ColumnarReader ahead) throws IOException {
    if (ahead.nextRowGroup() < 1) {
      throw new EmbeddingException(path + " has no rows");
    }
    ColumnReader first = ahead.column(column);
    int full = column.getMaxDefinitionLevel();
    int length = 0;
    do {
      length += first.getCurrentDefinitionLevel() == full ? 1 : 0;
      first.consume();
    } while (first.getCurrentRepetitionLevel() > 0);
    return length;
  }

  private @Nullable ColumnReader rowGroup() throws IOException {
    left = in.nextRowGroup();
    values = left > 0 ? in.column(column) : null;
    return values;
  }

  @Override
  public int dim() {
    return dim;
  }

  @Override
  public String dtype() {
    return wide ? "F64" : "F32";
  }

  @Override
  public @Nullable String token() {
    return null;
  }

  @Override
  public boolean next(float[] out) throws IOException {
    try {
      ColumnReader reader = left == 0 ? rowGroup() : values;
      if (reader == null) {
        return false;
      }
      left--;
      int full = column.getMaxDefinitionLevel();
      int length = 0;
      do {
        if (reader.getCurrentDefinitionLevel() == full) {
          if (length < dim) {
            out[length] = wide ? (float) reader.getDouble() : reader.getFloat();
          }
          length++;
        }
        reader.consume();
      } while (reader.getCurrentRepetitionLevel() > 0);
      if (length != dim) {
        throw new EmbeddingException(
            path + ": row " + row + " has " + length + " values, the first has " + dim);
      }
      row++;
      return true;
    } catch (ShardException e) {
      throw new EmbeddingException(String.valueOf(e.getMessage()), e);
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
