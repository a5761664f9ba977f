package org.merganser.embedding.exchange;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.schema.LogicalTypeAnnotation.Float16LogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.jspecify.annotations.Nullable;
import org.merganser.embedding.EmbeddingException;
import org.merganser.embedding.Half;
import org.merganser.parquet.RowReader;
import org.merganser.parquet.ShardException;

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
  private final RowReader<Row> in;
  private final ColumnDescriptor column;
  private final @Nullable ColumnDescriptor idColumn;
  private final @Nullable ColumnDescriptor tokenColumn;
  private final boolean outOfOrder;
  private final int dim;
  private @Nullable String token;
  private int id;
  private long row;

  /** A row of the file; parquet-avro fills its fields, of the three lists the one of its type. */
  static final class Row {
    float @Nullable [] floats;
    double @Nullable [] doubles;
    byte @Nullable [] @Nullable [] halves;
    @Nullable Long id;
    @Nullable String token;
  }

  ParquetSource(Path path, @Nullable String name) throws IOException {
    this.path = path;
    this.in = new RowReader<>(path, Row.class);
    try {
      this.column = vectors(name);
      this.idColumn = scalar(IDS, PrimitiveTypeName.INT32, PrimitiveTypeName.INT64);
      this.tokenColumn = scalar(TOKENS, PrimitiveTypeName.BINARY);
      Map<String, ColumnDescriptor> wanted = new TreeMap<>();
      wanted.put(field(column.getPrimitiveType()), column);
      if (idColumn != null) {
        wanted.put("id", idColumn);
      }
      if (tokenColumn != null) {
        wanted.put("token", tokenColumn);
      }
      in.request(wanted);
      this.dim = firstLength();
      this.outOfOrder = idColumn != null && !ascending(idColumn);
    } catch (EmbeddingException e) {
      in.close();
      throw e;
    } catch (ShardException e) {
      in.close();
      throw new EmbeddingException(String.valueOf(e.getMessage()), e);
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

  /** The field of {@link Row} for values of a type. */
  private static String field(PrimitiveType type) {
    return switch (type.getPrimitiveTypeName()) {
      case FLOAT -> "floats";
      case DOUBLE -> "doubles";
      default -> "halves";
    };
  }

  /** The first row's length; rows are read once a reader, so another one looks ahead. */
  private int firstLength() throws IOException {
    try (RowReader<Row> ahead = new RowReader<>(path, Row.class)) {
      ahead.request(Map.of(field(column.getPrimitiveType()), column));
      Row first = ahead.next();
      if (first == null) {
        throw new EmbeddingException(path + " has no rows");
      }
      return length(first);
    }
  }

  private static int length(Row read) {
    return read.floats != null
        ? read.floats.length
        : read.doubles != null ? read.doubles.length : read.halves != null ? read.halves.length : 0;
  }

  /** Whether the ids are 0, 1, 2, …; reads this column alone. */
  private boolean ascending(ColumnDescriptor idsAhead) throws IOException {
    try (RowReader<Row> ahead = new RowReader<>(path, Row.class)) {
      ahead.request(Map.of("id", idsAhead));
      long next = 0;
      for (Row read = ahead.next(); read != null; read = ahead.next()) {
        if (checkedId(read.id, idsAhead, next) != next) {
          return false;
        }
        next++;
      }
      return true;
    }
  }

  private int checkedId(@Nullable Long value, ColumnDescriptor ids, long at) {
    if (value == null) {
      throw new EmbeddingException(path + ": row " + at + " has no " + ids.getPath()[0]);
    }
    if (value < 0 || value > 1 << 28) {
      throw new EmbeddingException(
          path + ": row " + at + " has the " + ids.getPath()[0] + " " + value + ", which is no id");
    }
    return value.intValue();
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
      Row read = in.next();
      if (read == null) {
        return false;
      }
      if (length(read) != dim) {
        throw new EmbeddingException(
            path + ": row " + row + " has " + length(read) + " values, the first has " + dim);
      }
      copy(read, out);
      id = idColumn == null ? (int) row : checkedId(read.id, idColumn, row);
      token = read.token;
      row++;
      return true;
    } catch (ShardException e) {
      throw new EmbeddingException(String.valueOf(e.getMessage()), e);
    }
  }

  private void copy(Row read, float[] out) {
    if (read.floats != null) {
      System.arraycopy(read.floats, 0, out, 0, dim);
    } else if (read.doubles != null) {
      for (int i = 0; i < dim; i++) {
        out[i] = (float) read.doubles[i];
      }
    } else if (read.halves != null) {
      for (int i = 0; i < dim; i++) {
        byte[] half = read.halves[i];
        if (half == null || half.length != 2) {
          throw new EmbeddingException(
              path + ": the list of row " + row + " has no value (null) at " + i);
        }
        out[i] = Half.toFloat((short) (half[0] & 0xFF | half[1] << 8));
      }
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
