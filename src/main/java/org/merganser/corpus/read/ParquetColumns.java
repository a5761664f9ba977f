package org.merganser.corpus.read;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.io.api.RecordMaterializer;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;
import org.merganser.binary.ByteBuilder;
import org.merganser.corpus.field.FieldPath;
import org.merganser.corpus.field.FieldValues;

/**
 * The columns of some fields in a Parquet file, and their values in a row. A column is named by a
 * field path, as in JSON: {@code meta.id} is column {@code id} of group {@code meta}, and {@code
 * messages[0].content} that of the first element of a list, in any of Parquet's forms of lists. A
 * value may be a string, an integer or a boolean; a missing column, or one of another type, has no
 * value. The columns of kept fields may have any type: nested values become JSON.
 *
 * <p>Rows are parquet-java's own groups, which have every column of the file. parquet-avro is
 * equally fast, but it refuses repeated fields outside of lists and maps of numbers, and it hides
 * the groups of a list, which a path may name. Its reader also ends at a damaged row group, whereas
 * this one continues with the next.
 */
final class ParquetColumns implements FieldValues {
  /**
   * A column, or a value of a repeated one.
   *
   * @param names of the groups that lead to it, and its own
   * @param occurrences by name, the index of the value that is meant; 0 in a column that is not
   *     repeated
   * @param isList whether it is repeated, and the path chooses no element
   */
  record Column(List<String> names, List<Integer> occurrences, Type type, boolean isList) {
    /** Whether it is one string. */
    boolean isString() {
      return !isList && ParquetTypes.isString(type);
    }

    /** Whether it is one value that a text may have: a string, an integer or a boolean. */
    boolean isScalar() {
      PrimitiveTypeName primitive = primitive();
      return primitive != null && (isString() || SCALARS.contains(primitive));
    }

    /** Whether it is a list of strings. */
    boolean hasStrings() {
      Type element = isList ? type : elementType(type);
      return element != null && ParquetTypes.isString(element);
    }

    /** Its primitive type; null for a nested value. */
    @Nullable PrimitiveTypeName primitive() {
      return isList || !type.isPrimitive() ? null : type.asPrimitiveType().getPrimitiveTypeName();
    }

    /** Its own name. */
    String last() {
      return names.get(names.size() - 1);
    }

    /** The index of its value in its group. */
    int lastOccurrence() {
      return occurrences.get(occurrences.size() - 1);
    }
  }

  /** The types besides strings that a text may have. */
  private static final Set<PrimitiveTypeName> SCALARS =
      EnumSet.of(PrimitiveTypeName.INT32, PrimitiveTypeName.INT64, PrimitiveTypeName.BOOLEAN);

  /** The part of the file's schema that is read. */
  private final MessageType schema;

  /** By field, its column; null if the file has none of a type that the field takes. */
  private final List<@Nullable Column> columns = new ArrayList<>();

  private @Nullable Group row;

  /**
   * @param file the schema of the file
   * @param paths of the fields, which are numbered in this order
   * @param segmented whether the first field is a list of segments, which {@link ParquetSegments}
   *     reads
   * @param firstKept fields from this number on may be of any type
   */
  ParquetColumns(MessageType file, List<FieldPath> paths, boolean segmented, int firstKept) {
    // All columns that exist are read, also those of other types: damage only shows in pages.
    Set<List<String>> found = new HashSet<>();
    for (FieldPath path : paths) {
      Column column = find(file, path);
      if (column != null) {
        found.add(column.names());
      }
      boolean isFirst = columns.isEmpty();
      boolean anyType = columns.size() >= firstKept || (segmented && isFirst);
      boolean strings = isFirst && column != null && column.hasStrings();
      boolean takes = anyType || strings || (column != null && column.isScalar());
      columns.add(takes ? column : null);
    }
    schema = new MessageType(file.getName(), fieldsAt(found, file, List.of()));
  }

  /**
   * The column at a field path; null if the file has none. A path leads through a repeated column
   * only with an index.
   */
  static @Nullable Column find(MessageType schema, FieldPath path) {
    Walk walk = new Walk(schema);
    for (FieldPath.Step step : path.steps()) {
      String name = step.name();
      boolean exists = name == null ? walk.toElement(step.index()) : walk.toField(name);
      if (!exists) {
        return null;
      }
    }
    return new Column(List.copyOf(walk.names), List.copyOf(walk.occurrences), walk.at, walk.isList);
  }

  /** The way from the row to a column, step by step. */
  private static final class Walk {
    final List<String> names = new ArrayList<>();
    final List<Integer> occurrences = new ArrayList<>();

    /** The type that was reached. */
    Type at;

    /** Whether it is repeated, and no element was chosen. */
    boolean isList;

    Walk(Type row) {
      at = row;
    }

    /** Goes to a field of a group; false if there is none. */
    boolean toField(String name) {
      if (isList || at.isPrimitive() || !at.asGroupType().containsField(name)) {
        return false;
      }
      enter(at.asGroupType().getType(name));
      return true;
    }

    /** Goes to an element of a list, which is a repeated field or a group around one. */
    boolean toElement(int index) {
      GroupType list = isList ? null : listOf(at);
      if (!isList && list == null) {
        return false;
      }
      if (list != null) {
        enter(list.getType(0));
      }
      occurrences.set(occurrences.size() - 1, index);
      isList = false;
      if (list != null && isWrapper(at, list)) {
        enter(at.asGroupType().getType(0));
      }
      return true;
    }

    private void enter(Type field) {
      at = field;
      names.add(field.getName());
      occurrences.add(0);
      isList = field.isRepetition(Type.Repetition.REPEATED);
    }
  }

  /** A list: a group of one repeated field; null for any other column. */
  private static @Nullable GroupType listOf(Type type) {
    if (type.isPrimitive()) {
      return null;
    }
    GroupType group = type.asGroupType();
    return group.getFieldCount() == 1
            && group.getType(0).isRepetition(Type.Repetition.REPEATED)
            && !LogicalTypeAnnotation.mapType().equals(group.getLogicalTypeAnnotation())
        ? group
        : null;
  }

  /**
   * Whether the repeated field of a list only wraps the element, as in the current three-level
   * form; the rules for older files are those of parquet-format's LogicalTypes.md.
   */
  private static boolean isWrapper(Type repeated, GroupType list) {
    return !repeated.isPrimitive()
        && repeated.asGroupType().getFieldCount() == 1
        && !repeated.getName().equals("array")
        && !repeated.getName().equals(list.getName() + "_tuple");
  }

  /** The type of the elements of a list; null for any other column. */
  private static @Nullable Type elementType(Type column) {
    GroupType list = listOf(column);
    if (list == null) {
      return null;
    }
    Type repeated = list.getType(0);
    return isWrapper(repeated, list) ? repeated.asGroupType().getType(0) : repeated;
  }

  /** The type of the groups in a list; null for any other column. */
  static @Nullable GroupType elementOf(Column column) {
    Type element = column.isList() ? column.type() : elementType(column.type());
    return element == null || element.isPrimitive() ? null : element.asGroupType();
  }

  /** Whether two fields of one group have a name of the path. */
  static boolean isAmbiguous(MessageType schema, FieldPath path) {
    GroupType at = schema;
    for (FieldPath.Step step : path.steps()) {
      String name = step.name();
      if (name == null) {
        continue;
      }
      if (at.getFields().stream().filter(field -> field.getName().equals(name)).count() > 1) {
        return true;
      }
      if (!at.containsField(name) || at.getType(name).isPrimitive()) {
        return false;
      }
      at = at.getType(name).asGroupType();
    }
    return false;
  }

  /**
   * The fields at some paths, with the groups that lead to them; {@code prefix} leads to the group.
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

  /** Makes rows for {@link #set}. */
  RecordMaterializer<Group> rows() {
    return new GroupRecordConverter(schema);
  }

  /** Sets the row whose values the other methods return. */
  void set(Group next) {
    row = next;
  }

  @Override
  public Kind kind(int field) {
    Column column = columns.get(field);
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
    Column column = columns.get(field);
    Group holder = column == null ? null : holder(column);
    if (column != null && holder != null) {
      out.append(valueAsText(column, holder));
    }
  }

  private static byte[] valueAsText(Column column, Group holder) {
    int number = holder.getType().getFieldIndex(column.last());
    int occurrence = column.lastOccurrence();
    if (column.isString()) {
      return holder.getBinary(number, occurrence).getBytesUnsafe();
    }
    if (column.isScalar() || isFloat(column.primitive())) {
      return holder.getValueToString(number, occurrence).getBytes(US_ASCII);
    }
    return ParquetJson.of(holder, number, occurrence, column.isList(), column.type())
        .getBytes(UTF_8);
  }

  private static boolean isFloat(@Nullable PrimitiveTypeName type) {
    return type == PrimitiveTypeName.FLOAT || type == PrimitiveTypeName.DOUBLE;
  }

  /** The value of a field that is a string. */
  byte[] string(int field) {
    Column column = Objects.requireNonNull(columns.get(field));
    return Objects.requireNonNull(holder(column))
        .getBinary(column.last(), column.lastOccurrence())
        .getBytesUnsafe();
  }

  /**
   * Appends the strings of a field that is a list of them, joined with line feeds.
   *
   * @return null, or what is wrong with the list, for a person
   */
  @Nullable String appendStrings(int field, ByteBuilder out) {
    Column column = Objects.requireNonNull(columns.get(field));
    Group holder = Objects.requireNonNull(holder(column));
    Group list = column.isList() ? holder : holder.getGroup(column.last(), column.lastOccurrence());
    String name = column.isList() ? column.last() : list.getType().getFieldName(0);
    for (int i = 0; i < list.getFieldRepetitionCount(name); i++) {
      if (i > 0) {
        out.append((byte) '\n');
      }
      Group wrapper = list.getType().getType(name).isPrimitive() ? null : list.getGroup(name, i);
      if (wrapper != null && wrapper.getFieldRepetitionCount(0) == 0) {
        return "its element " + i + " is null, not a string";
      }
      byte[] text =
          (wrapper == null ? list.getBinary(name, i) : wrapper.getBinary(0, 0)).getBytes();
      out.append(text, 0, text.length);
    }
    return null;
  }

  /** The elements of a field that is a list of groups, each of which may be null. */
  List<@Nullable Group> elements(int field) {
    Column column = Objects.requireNonNull(columns.get(field));
    Group holder = Objects.requireNonNull(holder(column));
    List<@Nullable Group> elements = new ArrayList<>();
    if (column.isList()) {
      for (int i = 0; i < holder.getFieldRepetitionCount(column.last()); i++) {
        elements.add(holder.getGroup(column.last(), i));
      }
      return elements;
    }
    Group list = holder.getGroup(column.last(), column.lastOccurrence());
    GroupType type = column.type().asGroupType();
    boolean wrapped = isWrapper(type.getType(0), type);
    for (int i = 0; i < list.getFieldRepetitionCount(0); i++) {
      Group element = list.getGroup(0, i);
      boolean isNull = wrapped && element.getFieldRepetitionCount(0) == 0;
      elements.add(isNull ? null : wrapped ? element.getGroup(0, 0) : element);
    }
    return elements;
  }

  /** The group that has the value of a column; null without a value. */
  private @Nullable Group holder(Column column) {
    Group at = row;
    int last = column.names().size() - 1;
    for (int i = 0; at != null; i++) {
      String name = column.names().get(i);
      int occurrence = column.occurrences().get(i);
      if (at.getFieldRepetitionCount(name) <= occurrence) {
        return null;
      }
      if (i == last) {
        return at;
      }
      at = at.getGroup(name, occurrence);
    }
    return null;
  }
}
