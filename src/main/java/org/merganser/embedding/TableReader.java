package org.merganser.embedding;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Function;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.jspecify.annotations.Nullable;
import org.merganser.parquet.ColumnarReader;
import org.merganser.parquet.FloatLists;
import org.merganser.store.UnusableFileException;

/**
 * Reads the vectors of a Parquet file of any writer, row by row; {@link TableColumns} says in which
 * columns they are. If rows have ids, the id of a row must be its number.
 */
public final class TableReader implements EmbeddingSource {
  private final Path path;
  private final ColumnarReader in;

  /** Whether the file must be an embedding table, and not any vectors. */
  private final boolean isTable;

  private final TableColumns columns;
  private final int dim;

  // The columns of the current row group.

  private @Nullable FloatLists vectors;
  private @Nullable ColumnReader ids;
  private @Nullable ColumnReader tokens;

  /** The token of the row that was last read. */
  private @Nullable String token;

  /** The number of the next row. */
  private int row;

  /**
   * Opens the file, and reads its first row ahead for the number of values.
   *
   * @param find finds the columns in the schema of the file
   */
  private TableReader(Path path, boolean isTable, Function<MessageType, TableColumns> find)
      throws IOException {
    this.path = path;
    this.isTable = isTable;
    try {
      this.in = new ColumnarReader(path);
    } catch (UnusableFileException e) {
      throw new EmbeddingException(String.valueOf(e.getMessage()), e);
    }
    try {
      this.columns = find.apply(in.schema());
      in.request(columns.names());
      this.dim = advance();
      if (dim < 0) {
        throw new EmbeddingException(path + " has no rows");
      }
      if (dim == 0) {
        throw wrong("the vector of id 0 is empty");
      }
    } catch (RuntimeException | IOException e) {
      in.close();
      throw e;
    }
  }

  /**
   * Opens an embedding table, in which rows have ids and all values are finite.
   *
   * @throws EmbeddingException for another file
   */
  public static TableReader ofTable(Path path) throws IOException {
    boolean isTable = true;
    return new TableReader(path, isTable, schema -> TableColumns.ofTable(path, schema));
  }

  /**
   * Opens vectors to import, of which {@link RowFindings} checks the values.
   *
   * @param name of their column; null for the usual one
   * @throws EmbeddingException for a file without such a column
   */
  public static TableReader ofVectors(Path path, @Nullable String name) throws IOException {
    boolean isTable = false;
    return new TableReader(path, isTable, schema -> TableColumns.ofVectors(path, schema, name));
  }

  /** The number of rows. */
  public long rows() {
    return in.rows();
  }

  @Override
  public String name() {
    return path.toString();
  }

  @Override
  public int dim() {
    return dim;
  }

  @Override
  public String dtype() {
    return columns.dtype();
  }

  @Override
  public @Nullable String token() {
    return token;
  }

  @Override
  public boolean byToken() {
    return columns.ids() == null && columns.tokens() != null;
  }

  /**
   * @throws EmbeddingException naming the file and the first offending id
   */
  @Override
  public boolean next(float[] out) throws IOException {
    int length = row == 0 ? dim : advance(); // the first row is read ahead
    if (length < 0) {
      return false;
    }
    if (length != dim) {
      throw wrong("the vector of id " + row + " has " + length + " values, that of id 0 " + dim);
    }
    System.arraycopy(Objects.requireNonNull(vectors).floats(), 0, out, 0, dim);
    if (isTable) {
      requireFinite(out);
    }
    row++;
    return true;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  /** Refuses a NaN or an infinity in the vector of the next id. */
  private void requireFinite(float[] values) {
    for (int i = 0; i < dim; i++) {
      if (!Float.isFinite(values[i])) {
        throw wrong("the vector of id " + row + " has " + values[i] + " at " + i);
      }
    }
  }

  /** Moves to the next row; returns its number of values, -1 at the end. */
  private int advance() throws IOException {
    try {
      if (!in.nextRow(this::openRowGroup)) {
        return -1;
      }
      checkId();
      token = tokens == null ? null : nextToken(tokens);
      return Objects.requireNonNull(vectors).read();
    } catch (EmbeddingException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new EmbeddingException(String.valueOf(in.damaged(e).getMessage()), e);
    }
  }

  /** Opens the columns of the current row group. */
  private void openRowGroup() {
    vectors =
        in.floatLists(
            columns.vectors(),
            switch (columns.vectors().getPrimitiveType().getPrimitiveTypeName()) {
              case FLOAT -> ColumnReader::getFloat;
              case DOUBLE -> values -> (float) values.getDouble();
              default -> values -> half(values.getBinary().getBytesUnsafe());
            });
    ids = columns.ids() == null ? null : in.column(columns.ids());
    tokens = columns.tokens() == null ? null : in.column(columns.tokens());
  }

  /** The value of a FLOAT16, which is two bytes in little-endian order. */
  private static float half(byte[] bytes) {
    return Half.toFloat((short) ((bytes[0] & 0xFF) | bytes[1] << 8));
  }

  /** Reads the id of the row, which must be its number. */
  private void checkId() {
    if (ids == null) {
      return;
    }
    if (isNull(ids)) {
      throw wrong(nextRow() + " has no id");
    }
    boolean isInt =
        ids.getDescriptor().getPrimitiveType().getPrimitiveTypeName() == PrimitiveTypeName.INT32;
    long id = isInt ? ColumnarReader.nextInt(ids) : ColumnarReader.nextLong(ids);
    if (id != row) {
      throw wrong(
          id >= 0 && id < row
              ? "id " + id + " comes after id " + (row - 1) + ": duplicate or unsorted"
              : "id " + row + " is missing: " + nextRow() + " has id " + id);
    }
  }

  /** The next row in a message. */
  private String nextRow() {
    return row == 0 ? "the first row" : "the row after id " + (row - 1);
  }

  /** Whether the current value of a column is null. */
  private static boolean isNull(ColumnReader values) {
    return values.getCurrentDefinitionLevel() < values.getDescriptor().getMaxDefinitionLevel();
  }

  /** The token of the next row; null if it has none. */
  private static @Nullable String nextToken(ColumnReader tokens) {
    if (!isNull(tokens)) {
      return ColumnarReader.nextText(tokens);
    }
    tokens.consume();
    return null;
  }

  /** The error that the rows are not those of a table, with the reason. */
  private EmbeddingException wrong(String what) {
    return new EmbeddingException(
        ("%s: %s; a table has the ids 0 to rows-1, each once, in order, and finite"
                + " vectors of one length")
            .formatted(path, what));
  }
}
