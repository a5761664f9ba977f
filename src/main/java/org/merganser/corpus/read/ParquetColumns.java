package org.merganser.corpus.read;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;
import org.merganser.binary.ByteBuilder;
import org.merganser.corpus.field.FieldValues;
import org.merganser.corpus.field.RecordFields;

/**
 * The columns of a record's fields in a Parquet file ({@link ParquetColumn}), and their values in a
 * row. A value may be a string, an integer or a boolean, the text also a list of strings or of
 * segments; a missing column, or one of another type, has no value. The columns of kept fields may
 * have any type: nested values become JSON.
 *
 * <p>Rows are parquet-java's own groups, which have every column that is read. parquet-avro is
 * equally fast, but it refuses repeated fields outside of lists and maps of numbers, and it hides
 * the groups of a list, which a path may name. Its reader also ends at a damaged row group, whereas
 * {@link ParquetRangeReader} continues with the next.
 */
final class ParquetColumns implements FieldValues {
  /** As {@link #schema()}. */
  private final MessageType schema;

  /** By field, its column; null if the file has none of a type that the field takes. */
  private final List<@Nullable ParquetColumn> columns = new ArrayList<>();

  /** The row that was set last. */
  private @Nullable Group row;

  /**
   * @param file the schema of the file
   */
  ParquetColumns(MessageType file, RecordFields fields) {
    Set<List<String>> found = new HashSet<>();
    for (int field = 0; field < fields.paths().size(); field++) {
      ParquetColumn column = ParquetColumn.find(file, fields.paths().get(field));
      if (column != null) {
        found.add(column.names());
      }
      columns.add(column != null && takes(fields, field, column) ? column : null);
    }
    schema = new MessageType(file.getName(), fieldsAt(found, file, List.of()));
  }

  /** Whether a field of a record takes the values of a column of this type. */
  private static boolean takes(RecordFields fields, int field, ParquetColumn column) {
    if (field >= fields.firstKept()) {
      return true;
    }
    if (field == RecordFields.TEXT && fields.text().isField()) {
      return true; // ParquetSchemaProblem has refused files with any other type of text
    }
    return column.isScalar();
  }

  /**
   * The fields of a group at some paths, and its groups that lead to others of them.
   *
   * @param paths from the row on
   * @param prefix the path of the group
   */
  private static List<Type> fieldsAt(Set<List<String>> paths, GroupType in, List<String> prefix) {
    List<Type> found = new ArrayList<>();
    for (Type type : in.getFields()) {
      List<String> path = new ArrayList<>(prefix);
      path.add(type.getName());
      if (paths.contains(path)) {
        found.add(type);
      } else if (!type.isPrimitive()) {
        List<Type> inside = fieldsAt(paths, type.asGroupType(), path);
        if (!inside.isEmpty()) {
          found.add(type.asGroupType().withNewFields(inside));
        }
      }
    }
    return found;
  }

  /**
   * The part of the file's schema that is read. It also has the columns whose type the field does
   * not take: their values are not used, but damage is only found when their pages are read.
   */
  MessageType schema() {
    return schema;
  }

  /** Sets the row of {@link #schema} whose values the other methods return. */
  void set(Group next) {
    row = next;
  }

  @Override
  public Kind kind(int field) {
    ParquetColumn column = columns.get(field);
    if (column == null) {
      return Kind.MISSING;
    }
    if (holderOrNull(column) == null) {
      return Kind.NULL;
    }
    PrimitiveTypeName type = column.primitive();
    if (type == null) {
      return column.isList() ? Kind.ARRAY : Kind.OBJECT;
    }
    return switch (type) {
      case BINARY, INT96, FIXED_LEN_BYTE_ARRAY -> Kind.STRING;
      case BOOLEAN -> Kind.BOOLEAN;
      case INT32, INT64, FLOAT, DOUBLE -> Kind.NUMBER;
    };
  }

  @Override
  public void append(int field, ByteBuilder out) {
    ParquetColumn column = columnOf(field);
    out.append(valueAsText(column, holderOf(column)));
  }

  /** The value of a column: text as it is, a nested value as JSON, any other as it is written. */
  private static byte[] valueAsText(ParquetColumn column, Group holder) {
    if (column.isString()) {
      return holder.getBinary(column.lastName(), column.lastOccurrence()).getBytesUnsafe();
    }
    if (column.isScalar() || isFloat(column.primitive())) {
      int index = holder.getType().getFieldIndex(column.lastName());
      return holder.getValueToString(index, column.lastOccurrence()).getBytes(US_ASCII);
    }
    return ParquetJson.of(holder, column).getBytes(UTF_8);
  }

  private static boolean isFloat(@Nullable PrimitiveTypeName type) {
    return type == PrimitiveTypeName.FLOAT || type == PrimitiveTypeName.DOUBLE;
  }

  /** The value, which is not null, of a field that is a string. */
  byte[] string(int field) {
    ParquetColumn column = columnOf(field);
    return holderOf(column).getBinary(column.lastName(), column.lastOccurrence()).getBytesUnsafe();
  }

  /** The value, which is not null, of a field that is a list. */
  ParquetList list(int field) {
    ParquetColumn column = columnOf(field);
    return ParquetList.of(column, holderOf(column));
  }

  /** The column of a field that is not missing. */
  private ParquetColumn columnOf(int field) {
    return Objects.requireNonNull(columns.get(field), "the field has no column");
  }

  /** The group in the row that has the value of a column, which is not null. */
  private Group holderOf(ParquetColumn column) {
    return Objects.requireNonNull(holderOrNull(column), "the column has no value");
  }

  /** The group in the row that has the value of a column; null without a value. */
  private @Nullable Group holderOrNull(ParquetColumn column) {
    Group at = Objects.requireNonNull(row, "no row is set");
    int last = column.names().size() - 1;
    for (int i = 0; i <= last; i++) {
      String name = column.names().get(i);
      int occurrence = column.occurrences().get(i);
      if (at.getFieldRepetitionCount(name) <= occurrence) {
        return null;
      }
      if (i < last) {
        at = at.getGroup(name, occurrence);
      }
    }
    return at;
  }
}
