package org.merganser.embedding;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.schema.LogicalTypeAnnotation.Float16LogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.jspecify.annotations.Nullable;
import org.merganser.parquet.ColumnarReader;
import org.merganser.parquet.FloatLists;
import org.merganser.store.UnusableFileException;

/**
 * Reads vectors of any writer's Parquet file row by row. The vectors are the named list column of
 * FLOAT, DOUBLE or FLOAT16, the one named embedding, or the only one. Ids come from an integer
 * column named id, token_id or index; without one, a text column named token, word, piece or term
 * identifies the rows; without either, their number does.
 */
public final class TableReader implements EmbeddingSource {
  /** Names of a column of ids. */
  private static final Set<String> IDS = Set.of("id", "token_id", "tokenid", "index", "idx");

  /** Names of a column of tokens. */
  private static final Set<String> TOKENS = Set.of("token", "word", "piece", "term");

  private final Path path;
  private final ColumnarReader in;

  /** Whether the file must be an embedding table, and not any vectors. */
  private final boolean isTable;

  private final ColumnDescriptor vectorColumn;
  private final @Nullable ColumnDescriptor idColumn;
  private final @Nullable ColumnDescriptor tokenColumn;
  private final int dim;

  // The columns of the current row group.

  private @Nullable FloatLists vectors;
  private @Nullable ColumnReader ids;
  private @Nullable ColumnReader tokens;

  /** The token of the row that was last read. */
  private @Nullable String token;

  /** The number of the next row. */
  private int row;

  /** Reads an embedding table, in which rows have ids and all values are finite. */
  public TableReader(Path path) throws IOException {
    this(path, null, true);
  }

  /**
   * Reads vectors to import.
   *
   * @param name of their column; null for the usual one
   */
  public TableReader(Path path, @Nullable String name) throws IOException {
    this(path, name, false);
  }

  private TableReader(Path path, @Nullable String name, boolean isTable) throws IOException {
    this.path = path;
    this.isTable = isTable;
    try {
      this.in = new ColumnarReader(path);
    } catch (UnusableFileException e) {
      throw new EmbeddingException(String.valueOf(e.getMessage()), e);
    }
    try {
      this.idColumn = findScalar(IDS, PrimitiveTypeName.INT32, PrimitiveTypeName.INT64);
      if (isTable && idColumn == null) {
        throw new EmbeddingException(
            ("%s has no column \"id\" of whole numbers; its columns are %s; \"embeddings import\""
                    + " makes a table of rows without ids")
                .formatted(path, in.schema().getFields()));
      }
      this.vectorColumn = requireVectors(name);
      this.tokenColumn = findScalar(TOKENS, PrimitiveTypeName.BINARY);
      in.request(readColumns(vectorColumn, idColumn, isTable ? null : tokenColumn));
      this.dim = advance();
      if (dim < 1) {
        throw dim < 0
            ? new EmbeddingException(path + " has no rows")
            : wrong("the vector of id 0 is empty");
      }
    } catch (RuntimeException e) {
      in.close();
      throw e;
    }
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
    return String.valueOf(dtype(vectorColumn.getPrimitiveType()));
  }

  @Override
  public @Nullable String token() {
    return token;
  }

  @Override
  public boolean byToken() {
    return idColumn == null && tokenColumn != null;
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

  private static Set<String> readColumns(@Nullable ColumnDescriptor... columns) {
    Set<String> names = new HashSet<>();
    for (ColumnDescriptor column : columns) {
      if (column != null) {
        names.add(column.getPath()[0]);
      }
    }
    return names;
  }

  /**
   * The only column of vectors.
   *
   * @param name of the column; null for {@code embedding} or any name
   */
  private ColumnDescriptor requireVectors(@Nullable String name) {
    String wanted = name == null && in.schema().containsField("embedding") ? "embedding" : name;
    List<ColumnDescriptor> found = new ArrayList<>();
    for (ColumnDescriptor column : in.schema().getColumns()) {
      if (column.getMaxRepetitionLevel() == 1
          && dtype(column.getPrimitiveType()) != null
          && (wanted == null || column.getPath()[0].equals(wanted))) {
        found.add(column);
      }
    }
    if (found.size() != 1) {
      throw new EmbeddingException(
          "%s has %s columns that are lists of FLOAT, DOUBLE or FLOAT16%s; name one of %s"
              .formatted(
                  path,
                  found.size(),
                  wanted == null ? "" : " and called " + wanted,
                  in.schema().getFields()));
    }
    return found.get(0);
  }

  /** The name of a type of values; null if it is not read. */
  private static @Nullable String dtype(PrimitiveType type) {
    return switch (type.getPrimitiveTypeName()) {
      case FLOAT -> "F32";
      case DOUBLE -> "F64";
      case FIXED_LEN_BYTE_ARRAY ->
          type.getLogicalTypeAnnotation() instanceof Float16LogicalTypeAnnotation ? "F16" : null;
      default -> null;
    };
  }

  /** The first column of one value a row with one of the names and types; null without one. */
  private @Nullable ColumnDescriptor findScalar(Set<String> names, PrimitiveTypeName... types) {
    for (ColumnDescriptor column : in.schema().getColumns()) {
      if (column.getMaxRepetitionLevel() == 0
          && column.getPath().length == 1
          && List.of(types).contains(column.getPrimitiveType().getPrimitiveTypeName())
          && names.contains(column.getPath()[0].toLowerCase(Locale.ROOT))) {
        return column;
      }
    }
    return null;
  }

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

  private void openRowGroup() {
    vectors =
        in.floatLists(
            vectorColumn,
            switch (vectorColumn.getPrimitiveType().getPrimitiveTypeName()) {
              case FLOAT -> ColumnReader::getFloat;
              case DOUBLE -> values -> (float) values.getDouble();
              default -> values -> half(values.getBinary().getBytesUnsafe());
            });
    ids = idColumn == null ? null : in.column(idColumn);
    tokens = tokenColumn == null || isTable ? null : in.column(tokenColumn);
  }

  private static float half(byte[] bytes) {
    return Half.toFloat((short) ((bytes[0] & 0xFF) | bytes[1] << 8));
  }

  /** Reads the id of the row, which must be its number. */
  private void checkId() {
    if (ids == null) {
      return;
    }
    if (isNull(ids)) {
      throw wrong("the row after id " + (row - 1) + " has no id");
    }
    boolean narrow =
        ids.getDescriptor().getPrimitiveType().getPrimitiveTypeName() == PrimitiveTypeName.INT32;
    long id = narrow ? ColumnarReader.nextInt(ids) : ColumnarReader.nextLong(ids);
    if (id != row) {
      throw wrong(
          id >= 0 && id < row
              ? "id " + id + " comes after id " + (row - 1) + ": duplicate or unsorted"
              : "id " + row + " is missing: the row after id " + (row - 1) + " has id " + id);
    }
  }

  private static boolean isNull(ColumnReader values) {
    return values.getCurrentDefinitionLevel() < values.getDescriptor().getMaxDefinitionLevel();
  }

  private static @Nullable String nextToken(ColumnReader tokens) {
    if (!isNull(tokens)) {
      return ColumnarReader.nextText(tokens);
    }
    tokens.consume();
    return null;
  }

  /** The error that the file is no table, with the reason. */
  private EmbeddingException wrong(String what) {
    return new EmbeddingException(
        ("%s: %s; a table has the ids 0 to rows-1, each once, in order, and finite"
                + " vectors of one length")
            .formatted(path, what));
  }
}
