package org.merganser.parquet;

import static org.apache.parquet.schema.Type.Repetition.OPTIONAL;
import static org.apache.parquet.schema.Type.Repetition.REPEATED;
import static org.apache.parquet.schema.Type.Repetition.REQUIRED;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.avro.reflect.ReflectData;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.io.api.RecordMaterializer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Type.Repetition;
import org.apache.parquet.schema.Types;
import org.jspecify.annotations.Nullable;

/**
 * Reads the rows of any Parquet file as objects of a plain class, through parquet-avro: a column
 * fills the field that it is requested for, and a list of numbers becomes an array without boxing.
 * The guards of {@link ColumnarReader} are in front. Holds the compressed bytes of one row group's
 * requested columns and one row.
 *
 * @param <T> a class with a constructor without parameters; a field is an int, long, double,
 *     String, byte[] or an array of those or of float, or the boxed form of a number where null is
 *     told apart
 */
public final class RowReader<T> implements Closeable {
  private final Path path;
  private final Class<T> type;
  private final ColumnarReader in;
  private @Nullable RecordMaterializer<T> converters;
  private @Nullable RecordReader<T> rowGroup;
  private boolean nullEntries;
  private long row;

  /**
   * @throws ShardException when the file is missing or is not Parquet
   */
  public RowReader(Path path, Class<T> type) throws IOException {
    this.path = path;
    this.type = type;
    this.in = new ColumnarReader(path);
  }

  public MessageType schema() {
    return in.schema();
  }

  public Map<String, String> metadata() {
    return in.metadata();
  }

  public long rows() {
    return in.rows();
  }

  /** Restricts reading to the columns that have the names of fields. */
  public void request(String... names) {
    Map<String, ColumnDescriptor> columns = new TreeMap<>();
    for (String name : names) {
      columns.put(name, column(name));
    }
    request(columns);
  }

  /**
   * The column whose path begins with a name.
   *
   * @throws ShardException when there is none
   */
  public ColumnDescriptor column(String name) {
    for (ColumnDescriptor column : schema().getColumns()) {
      if (column.getPath()[0].equals(name)) {
        return column;
      }
    }
    throw new ShardException(
        path + " has no column \"" + name + "\"; its columns are " + schema().getFields());
  }

  /**
   * Restricts reading to some columns.
   *
   * @param columns from the name of a field to its column, which is a value at the top of the
   *     schema, or a list of values with any groups around them
   * @throws ShardException when a column is neither
   */
  public void request(Map<String, ColumnDescriptor> columns) {
    List<Type> found = new ArrayList<>();
    List<Type> fields = new ArrayList<>();
    for (Map.Entry<String, ColumnDescriptor> wanted : columns.entrySet()) {
      ColumnDescriptor column = wanted.getValue();
      found.add(only(schema().getType(column.getPath()[0]), column, 0));
      fields.add(known(column, wanted.getKey()));
    }
    MessageType inFile = new MessageType(schema().getName(), found);
    in.request(inFile);
    ReflectData model = new ReflectData(type.getClassLoader());
    converters =
        new ListLevels<>(
            inFile,
            RowMaterializer.of(
                model, new MessageType(schema().getName(), fields), model.getSchema(type)));
  }

  /** The type at a depth of a column's path, without the fields that are beside the path. */
  private static Type only(Type at, ColumnDescriptor column, int depth) {
    if (at.isPrimitive()) {
      return at;
    }
    Type inner = at.asGroupType().getType(column.getPath()[depth + 1]);
    return at.asGroupType().withNewFields(List.of(only(inner, column, depth + 1)));
  }

  /** A column under the name of its field, with the levels that parquet-avro knows. */
  private Type known(ColumnDescriptor column, String field) {
    PrimitiveType value = column.getPrimitiveType();
    String[] names = column.getPath();
    if (names.length == 1 && column.getMaxRepetitionLevel() == 0) {
      return renamed(value, value.getRepetition(), field);
    }
    if (column.getMaxRepetitionLevel() != 1) {
      throw new ShardException(
          ("%s: column \"%s\" is neither a value at the top of the schema nor a list"
                  + " of values")
              .formatted(path, String.join(".", names)));
    }
    int repeated = 0;
    while (!schema().getType(Arrays.copyOf(names, repeated + 1)).isRepetition(REPEATED)) {
      repeated++;
    }
    for (int depth = repeated + 1; depth < names.length; depth++) {
      nullEntries |= schema().getType(Arrays.copyOf(names, depth + 1)).isRepetition(OPTIONAL);
    }
    Type entry =
        repeated == names.length - 1
            ? renamed(value, REPEATED, "element")
            : Types.buildGroup(REPEATED)
                .addField(renamed(value, REQUIRED, "element"))
                .named("list");
    return Types.buildGroup(OPTIONAL).addField(entry).named(field);
  }

  private static PrimitiveType renamed(PrimitiveType type, Repetition repetition, String name) {
    return new PrimitiveType(repetition, type.getPrimitiveTypeName(), type.getTypeLength(), name);
  }

  /** The values of a list column, whatever the writer calls its levels; null if it is no list. */
  public static @Nullable ColumnDescriptor listed(MessageType schema, String name) {
    for (ColumnDescriptor column : schema.getColumns()) {
      if (column.getPath()[0].equals(name) && column.getMaxRepetitionLevel() == 1) {
        return column;
      }
    }
    return null;
  }

  /**
   * Reads the next row, a new object; null at the end.
   *
   * @throws ShardException when the bytes are damaged, or a list has an entry without a value
   */
  public @Nullable T next() throws IOException {
    if (converters == null) {
      throw new IllegalStateException("no columns are requested");
    }
    RecordMaterializer<T> materializer = converters;
    if (!in.nextRow(() -> rowGroup = in.rows(materializer))) {
      return null;
    }
    try {
      return Objects.requireNonNull(rowGroup).read();
    } catch (NullPointerException e) { // how an array of primitives refuses a null
      throw nullEntries
          ? new ShardException(path + ": the list of row " + row + " has no value (null)", e)
          : in.damaged(e);
    } catch (RuntimeException e) {
      throw in.damaged(e);
    } finally {
      row++;
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
