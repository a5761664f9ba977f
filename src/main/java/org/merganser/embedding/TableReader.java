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
  private static final Set<String> IDS = Set.of("id", "token_id", "tokenid", "index", "idx");
  private static final Set<String> TOKENS = Set.of("token", "word", "piece", "term");

  private final Path path;
  private final ColumnarReader in;
  private final boolean isTable;
  private final ColumnDescriptor column;
  private final @Nullable ColumnDescriptor idColumn;
  private final @Nullable ColumnDescriptor tokenColumn;
  private final int dim;
  private @Nullable FloatLists vectors;
  private @Nullable ColumnReader ids;
  private @Nullable ColumnReader tokens;
  private @Nullable String token;
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
      this.idColumn = scalar(IDS, PrimitiveTypeName.INT32, PrimitiveTypeName.INT64);
      if (isTable && idColumn == null) {
        throw new EmbeddingException(
            ("%s has no column \"id\" of whole numbers; its columns are %s; \"embeddings import\""
                    + " makes a table of rows without ids")
                .formatted(path, in.schema().getFields()));
      }
      this.column = vectors(name);
      this.tokenColumn = scalar(TOKENS, PrimitiveTypeName.BINARY);
      Set<String> wanted = new HashSet<>(Set.of(column.getPath()[0]));
      if (idColumn != null) {
        wanted.add(idColumn.getPath()[0]);
      }
      if (tokenColumn != null && !isTable) {
        wanted.add(tokenColumn.getPath()[0]);
      }
      in.request(wanted);
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

  private ColumnDescriptor vectors(@Nullable String name) {
    String wanted = name == null && in.schema().containsField("embedding") ? "embedding" : name;
    List<ColumnDescriptor> vectors = new ArrayList<>();
    for (ColumnDescriptor c : in.schema().getColumns()) {
      if (c.getMaxRepetitionLevel() == 1
          && dtype(c.getPrimitiveType()) != null
          && (wanted == null || c.getPath()[0].equals(wanted))) {
        vectors.add(c);
      }
    }
    if (vectors.size() != 1) {
      throw new EmbeddingException(
          "%s has %s columns that are lists of FLOAT, DOUBLE or FLOAT16%s; name one of %s"
              .formatted(
                  path,
                  vectors.size(),
                  wanted == null ? "" : " and called " + wanted,
                  in.schema().getFields()));
    }
    return vectors.get(0);
  }

  private static @Nullable String dtype(PrimitiveType type) {
    return switch (type.getPrimitiveTypeName()) {
      case FLOAT -> "F32";
      case DOUBLE -> "F64";
      case FIXED_LEN_BYTE_ARRAY ->
          type.getLogicalTypeAnnotation() instanceof Float16LogicalTypeAnnotation ? "F16" : null;
      default -> null;
    };
  }

  private @Nullable ColumnDescriptor scalar(Set<String> names, PrimitiveTypeName... types) {
    for (ColumnDescriptor c : in.schema().getColumns()) {
      if (c.getMaxRepetitionLevel() == 0
          && c.getPath().length == 1
          && List.of(types).contains(c.getPrimitiveType().getPrimitiveTypeName())
          && names.contains(c.getPath()[0].toLowerCase(Locale.ROOT))) {
        return c;
      }
    }
    return null;
  }

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
    return String.valueOf(dtype(column.getPrimitiveType()));
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
      for (int i = 0; i < dim; i++) {
        if (!Float.isFinite(out[i])) {
          throw wrong("the vector of id " + row + " has " + out[i] + " at " + i);
        }
      }
    }
    row++;
    return true;
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
            column,
            switch (column.getPrimitiveType().getPrimitiveTypeName()) {
              case FLOAT -> ColumnReader::getFloat;
              case DOUBLE -> values -> (float) values.getDouble();
              default -> values -> half(values.getBinary().getBytesUnsafe());
            });
    ids = idColumn == null ? null : in.column(idColumn);
    tokens = tokenColumn == null || isTable ? null : in.column(tokenColumn);
  }

  private static float half(byte[] bytes) {
    return Half.toFloat((short) (bytes[0] & 0xFF | bytes[1] << 8));
  }

  private void checkId() {
    if (ids == null) {
      return;
    }
    if (isNull(ids)) {
      throw wrong("the row after id " + (row - 1) + " has no id");
    }
    boolean narrow =
        ids.getDescriptor().getPrimitiveType().getPrimitiveTypeName() == PrimitiveTypeName.INT32;
    long id = narrow ? ColumnarReader.integer(ids) : ColumnarReader.number(ids);
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
      return ColumnarReader.text(tokens);
    }
    tokens.consume();
    return null;
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
