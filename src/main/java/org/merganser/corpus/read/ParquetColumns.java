package org.merganser.corpus.read;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;
import org.merganser.binary.ByteBuilder;
import org.merganser.corpus.field.FieldPath;
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
 * this one continues with the next.
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
    // All columns that exist are read, also those of other types: damage only shows in pages.
    Set<List<String>> found = new HashSet<>();
    for (FieldPath path : fields.paths()) {
      int field = columns.size();
      ParquetColumn column = ParquetColumn.find(file, path);
      if (column == null) {
        columns.add(null);
        continue;
      }
      found.add(column.names());
      boolean isText = field == RecordFields.TEXT;
      boolean takesAnyType = field >= fields.firstKept() || (fields.segmented() && isText);
      boolean takesStrings = isText && column.hasStrings();
      boolean isRead = takesAnyType || takesStrings || column.isScalar();
      columns.add(isRead ? column : null);
    }
    schema = new MessageType(file.getName(), fieldsAt(found, file, List.of()));
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

  /** The part of the file's schema that is read. */
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
    if (holder(column) == null) {
      return Kind.NULL;
    }
    PrimitiveTypeName type = column.primitive();
    if (type == null) {
      return column.isList() ? Kind.ARRAY : Kind.OBJECT;
    }
    return switch (type) {
      case BINARY, INT96, FIXED_LEN_BYTE_ARRAY -> Kind.STRING;
      case BOOLEAN -> Kind.BOOLEAN;
      default -> Kind.NUMBER;
    };
  }

  @Override
  public void append(int field, ByteBuilder out) {
    ParquetColumn column = columns.get(field);
    Group holder = column == null ? null : holder(column);
    if (column != null && holder != null) {
      out.append(valueAsText(column, holder));
    }
  }

  /** The value of a column: text as it is, a nested value as JSON, any other as it is written. */
  private static byte[] valueAsText(ParquetColumn column, Group holder) {
    if (column.isString()) {
      return holder.getBinary(column.lastName(), column.lastOccurrence()).getBytesUnsafe();
    }
    if (column.isScalar() || isFloat(column.primitive())) {
      int number = holder.getType().getFieldIndex(column.lastName());
      return holder.getValueToString(number, column.lastOccurrence()).getBytes(US_ASCII);
    }
    return ParquetJson.of(holder, column).getBytes(UTF_8);
  }

  private static boolean isFloat(@Nullable PrimitiveTypeName type) {
    return type == PrimitiveTypeName.FLOAT || type == PrimitiveTypeName.DOUBLE;
  }

  /** The value of a field that is a string. */
  byte[] string(int field) {
    ParquetColumn column = Objects.requireNonNull(columns.get(field));
    return Objects.requireNonNull(holder(column))
        .getBinary(column.lastName(), column.lastOccurrence())
        .getBytesUnsafe();
  }

  /**
   * Appends the strings of a field that is a list of them, joined with line feeds.
   *
   * @return null, or what is wrong with the list, for a person
   */
  @Nullable String appendStrings(int field, ByteBuilder out) {
    ParquetColumn column = Objects.requireNonNull(columns.get(field));
    Group holder = Objects.requireNonNull(holder(column));
    Group list =
        column.isList() ? holder : holder.getGroup(column.lastName(), column.lastOccurrence());
    String name = column.isList() ? column.lastName() : list.getType().getFieldName(0);
    for (int i = 0; i < list.getFieldRepetitionCount(name); i++) {
      if (i > 0) {
        out.append((byte) '\n');
      }
      Group wrapper = list.getType().getType(name).isPrimitive() ? null : list.getGroup(name, i);
      if (wrapper != null && wrapper.getFieldRepetitionCount(0) == 0) {
        return "its element " + i + " is null, not a string";
      }
      Binary text = wrapper == null ? list.getBinary(name, i) : wrapper.getBinary(0, 0);
      out.append(text.getBytesUnsafe());
    }
    return null;
  }

  /** The elements of a field that is a list of groups, each of which may be null. */
  List<@Nullable Group> elements(int field) {
    ParquetColumn column = Objects.requireNonNull(columns.get(field));
    Group holder = Objects.requireNonNull(holder(column));
    List<@Nullable Group> elements = new ArrayList<>();
    if (column.isList()) {
      for (int i = 0; i < holder.getFieldRepetitionCount(column.lastName()); i++) {
        elements.add(holder.getGroup(column.lastName(), i));
      }
      return elements;
    }
    Group list = holder.getGroup(column.lastName(), column.lastOccurrence());
    GroupType type = column.type().asGroupType();
    boolean wrapped = ParquetColumn.isWrapper(type.getType(0), type);
    for (int i = 0; i < list.getFieldRepetitionCount(0); i++) {
      Group element = list.getGroup(0, i);
      if (!wrapped) {
        elements.add(element);
      } else {
        boolean isNull = element.getFieldRepetitionCount(0) == 0;
        elements.add(isNull ? null : element.getGroup(0, 0));
      }
    }
    return elements;
  }

  /** The group in the row that has the value of a column; null without a value. */
  private @Nullable Group holder(ParquetColumn column) {
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
