package org.merganser.embedding.exchange;

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
import org.merganser.embedding.EmbeddingException;
import org.merganser.embedding.Half;
import org.merganser.parquet.ColumnarReader;
import org.merganser.parquet.FloatLists;

/**
 * Vectors of a Parquet file of any column names: the named list column of FLOAT, DOUBLE or FLOAT16,
 * or the only one there is. A row's id is that of a whole-number column called id, token_id or
 * index; without one, rows are known by a text column called token, word, piece or term; without
 * either, by their number.
 */
final class ParquetSource implements EmbeddingSource {
  private static final Set<String> IDS = Set.of("id", "token_id", "tokenid", "index", "idx");
  private static final Set<String> TOKENS = Set.of("token", "word", "piece", "term");

  private final Path path;
  private final ColumnarReader in;
  private final ColumnDescriptor column;
  private final @Nullable ColumnDescriptor idColumn;
  private final @Nullable ColumnDescriptor tokenColumn;
  private final boolean outOfOrder;
  private final int dim;
  private @Nullable FloatLists vectors;
  private @Nullable ColumnReader ids;
  private @Nullable ColumnReader tokens;
  private @Nullable String token;
  private int id;
  private long row;

  ParquetSource(Path path, @Nullable String name) throws IOException {
    this.path = path;
    this.in = new ColumnarReader(path);
    try {
      this.column = vectors(name);
      this.idColumn = scalar(IDS, PrimitiveTypeName.INT32, PrimitiveTypeName.INT64);
      this.tokenColumn = scalar(TOKENS, PrimitiveTypeName.BINARY);
      Set<String> wanted = new HashSet<>(Set.of(column.getPath()[0]));
      if (idColumn != null) {
        wanted.add(idColumn.getPath()[0]);
      }
      if (tokenColumn != null) {
        wanted.add(tokenColumn.getPath()[0]);
      }
      in.request(wanted);
      this.dim = firstLength();
      this.outOfOrder = idColumn != null && !ascending(idColumn);
    } catch (EmbeddingException e) {
      in.close();
      throw e;
    } catch (RuntimeException e) {
      in.close();
      throw new EmbeddingException(String.valueOf(in.damaged(e).getMessage()), e);
    }
  }

  private ColumnDescriptor vectors(@Nullable String name) {
    List<ColumnDescriptor> vectors = new ArrayList<>();
    for (ColumnDescriptor c : in.schema().getColumns()) {
      if (c.getMaxRepetitionLevel() == 1
          && dtype(c.getPrimitiveType()) != null
          && (name == null || c.getPath()[0].equals(name))) {
        vectors.add(c);
      }
    }
    if (vectors.size() != 1) {
      throw new EmbeddingException(
          "%s has %s columns that are lists of FLOAT, DOUBLE or FLOAT16%s; name one of %s"
              .formatted(
                  path,
                  vectors.size(),
                  name == null ? "" : " and called " + name,
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

  /** The first row's length; rows are read once a reader, so another one looks ahead. */
  private int firstLength() throws IOException {
    try (ColumnarReader ahead = new ColumnarReader(path)) {
      ahead.request(Set.of(column.getPath()[0]));
      if (!ahead.nextRow(() -> vectors = floats(ahead))) {
        throw new EmbeddingException(path + " has no rows");
      }
      return Objects.requireNonNull(vectors).read();
    }
  }

  private FloatLists floats(ColumnarReader of) {
    return of.floatLists(
        column,
        switch (column.getPrimitiveType().getPrimitiveTypeName()) {
          case FLOAT -> ColumnReader::getFloat;
          case DOUBLE -> values -> (float) values.getDouble();
          default -> values -> half(values.getBinary().getBytesUnsafe());
        });
  }

  private static float half(byte[] bytes) {
    return Half.toFloat((short) (bytes[0] & 0xFF | bytes[1] << 8));
  }

  /** Whether the ids are 0, 1, 2, …; reads this column alone. */
  private boolean ascending(ColumnDescriptor idsAhead) throws IOException {
    try (ColumnarReader ahead = new ColumnarReader(path)) {
      ahead.request(Set.of(idsAhead.getPath()[0]));
      long next = 0;
      while (ahead.nextRow(() -> ids = ahead.column(idsAhead))) {
        if (checkedId(Objects.requireNonNull(ids), idsAhead, next) != next) {
          return false;
        }
        next++;
      }
      return true;
    }
  }

  private int checkedId(ColumnReader values, ColumnDescriptor column, long at) {
    String name = column.getPath()[0];
    if (isNull(values)) {
      throw new EmbeddingException(path + ": row " + at + " has no " + name);
    }
    long value =
        column.getPrimitiveType().getPrimitiveTypeName() == PrimitiveTypeName.INT32
            ? ColumnarReader.integer(values)
            : ColumnarReader.number(values);
    if (value < 0 || value > 1 << 28) {
      throw new EmbeddingException(
          path + ": row " + at + " has the " + name + " " + value + ", which is no id");
    }
    return (int) value;
  }

  private static boolean isNull(ColumnReader values) {
    return values.getCurrentDefinitionLevel() < values.getDescriptor().getMaxDefinitionLevel();
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

  @Override
  public boolean idsOutOfOrder() {
    return outOfOrder;
  }

  @Override
  public int id() {
    return id;
  }

  @Override
  public boolean next(float[] out) throws IOException {
    try {
      if (!in.nextRow(this::openRowGroup)) {
        return false;
      }
      FloatLists lists = Objects.requireNonNull(vectors);
      int length = lists.read();
      if (length != dim) {
        throw new EmbeddingException(
            path + ": row " + row + " has " + length + " values, the first has " + dim);
      }
      System.arraycopy(lists.floats(), 0, out, 0, dim);
      id = idColumn == null || ids == null ? (int) row : checkedId(ids, idColumn, row);
      token = tokens == null ? null : nextToken(tokens);
      row++;
      return true;
    } catch (EmbeddingException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new EmbeddingException(String.valueOf(in.damaged(e).getMessage()), e);
    }
  }

  private void openRowGroup() {
    vectors = floats(in);
    ids = idColumn == null ? null : in.column(idColumn);
    tokens = tokenColumn == null ? null : in.column(tokenColumn);
  }

  private static @Nullable String nextToken(ColumnReader tokens) {
    if (!isNull(tokens)) {
      return ColumnarReader.text(tokens);
    }
    tokens.consume();
    return null;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
