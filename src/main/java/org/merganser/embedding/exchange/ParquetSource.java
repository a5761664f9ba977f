package org.merganser.embedding.exchange;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.schema.LogicalTypeAnnotation.Float16LogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.jspecify.annotations.Nullable;
import org.merganser.embedding.EmbeddingException;
import org.merganser.embedding.Half;
import org.merganser.embedding.TableSchema;
import org.merganser.parquet.ColumnarReader;
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
  private final ColumnarReader in;
  private final ColumnDescriptor column;
  private final @Nullable ColumnDescriptor idColumn;
  private final @Nullable ColumnDescriptor tokenColumn;
  private final boolean outOfOrder;
  private final int dim;
  private @Nullable ColumnReader values;
  private @Nullable ColumnReader ids;
  private @Nullable ColumnReader tokens;
  private @Nullable String token;
  private int id;
  private long left;
  private long row;

  ParquetSource(Path path, @Nullable String name) throws IOException {
    this.path = path;
    this.in = new ColumnarReader(path);
    try {
      this.column = vectors(name);
      this.idColumn = scalar(IDS, PrimitiveTypeName.INT32, PrimitiveTypeName.INT64);
      this.tokenColumn = scalar(TOKENS, PrimitiveTypeName.BINARY);
      List<String> wanted = new ArrayList<>(List.of(column.getPath()[0]));
      for (ColumnDescriptor extra : new ColumnDescriptor[] {idColumn, tokenColumn}) {
        if (extra != null) {
          wanted.add(extra.getPath()[0]);
        }
      }
      in.request(TableSchema.project(in.schema(), wanted.toArray(String[]::new)));
      this.dim = firstLength();
      this.outOfOrder = idColumn != null && !ascending(idColumn);
    } catch (EmbeddingException e) {
      in.close();
      throw e;
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
          path
              + " has "
              + vectors.size()
              + " columns that are lists of FLOAT, DOUBLE or FLOAT16"
              + (name == null ? "" : " and called " + name)
              + "; name one of "
              + in.schema().getFields());
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

  /** The first row's length; pages are read once a reader, so another one looks ahead. */
  private int firstLength() throws IOException {
    try (ColumnarReader ahead = new ColumnarReader(path)) {
      ahead.request(TableSchema.project(ahead.schema(), column.getPath()[0]));
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
  }

  /** Whether the ids are 0, 1, 2, …; reads this column alone. */
  private boolean ascending(ColumnDescriptor idsAhead) throws IOException {
    try (ColumnarReader ahead = new ColumnarReader(path)) {
      ahead.request(TableSchema.project(ahead.schema(), idsAhead.getPath()[0]));
      long next = 0;
      for (long rows = ahead.nextRowGroup(); rows >= 0; rows = ahead.nextRowGroup()) {
        ColumnReader reader = ahead.column(idsAhead);
        for (long i = 0; i < rows; i++) {
          if (readId(reader, next) != next) {
            return false;
          }
          next++;
        }
      }
      return true;
    }
  }

  private long readId(ColumnReader reader, long at) {
    ColumnDescriptor d = reader.getDescriptor();
    if (reader.getCurrentDefinitionLevel() < d.getMaxDefinitionLevel()) {
      throw new EmbeddingException(path + ": row " + at + " has no " + d.getPath()[0]);
    }
    long value =
        d.getPrimitiveType().getPrimitiveTypeName() == PrimitiveTypeName.INT64
            ? reader.getLong()
            : reader.getInteger();
    reader.consume();
    if (value < 0 || value > 1 << 28) {
      throw new EmbeddingException(
          path + ": row " + at + " has the " + d.getPath()[0] + " " + value + ", which is no id");
    }
    return value;
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
      while (left == 0) {
        left = in.nextRowGroup();
        if (left < 0) {
          left = 0;
          return false;
        }
        values = in.column(column);
        ids = idColumn == null ? null : in.column(idColumn);
        tokens = tokenColumn == null ? null : in.column(tokenColumn);
      }
      left--;
      readVector(java.util.Objects.requireNonNull(values), out);
      id = ids == null ? (int) row : (int) readId(ids, row);
      token = tokens == null ? null : readToken(tokens);
      row++;
      return true;
    } catch (ShardException e) {
      throw new EmbeddingException(String.valueOf(e.getMessage()), e);
    }
  }

  private static @Nullable String readToken(ColumnReader reader) {
    boolean there =
        reader.getCurrentDefinitionLevel() == reader.getDescriptor().getMaxDefinitionLevel();
    String text = there ? reader.getBinary().toStringUsingUTF8() : null;
    reader.consume();
    return text;
  }

  private void readVector(ColumnReader reader, float[] out) {
    int full = column.getMaxDefinitionLevel();
    int length = 0;
    do {
      if (reader.getCurrentDefinitionLevel() == full) {
        if (length < dim) {
          out[length] = value(reader);
        }
        length++;
      }
      reader.consume();
    } while (reader.getCurrentRepetitionLevel() > 0);
    if (length != dim) {
      throw new EmbeddingException(
          path + ": row " + row + " has " + length + " values, the first has " + dim);
    }
  }

  private float value(ColumnReader reader) {
    return switch (column.getPrimitiveType().getPrimitiveTypeName()) {
      case FLOAT -> reader.getFloat();
      case DOUBLE -> (float) reader.getDouble();
      default -> {
        byte[] half = reader.getBinary().getBytesUnsafe();
        yield Half.toFloat((short) (half[0] & 0xFF | half[1] << 8));
      }
    };
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
