package org.merganser.corpus.read;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.parquet.io.api.RecordMaterializer;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;
import org.merganser.parquet.RowMaterializer;

/**
 * The columns of text, id and group in a Parquet file, and their values in a row that parquet-avro
 * made. A column is named by a field path, as in JSON: {@code meta.id} is column {@code id} of
 * group {@code meta}. An id or group column may be a string, an integer or a boolean; one of
 * another type, or missing, counts as null.
 *
 * <p>Avro has rules for names and Parquet has none, so in a row a column has the name {@code c} and
 * its number in its group.
 */
final class ParquetColumns {
  private final List<String> paths;
  private final MessageType schema;
  private final RecordMaterializer<GenericRecord> rows;
  private final int[] text;
  private final int @Nullable [] id;
  private final int @Nullable [] group;

  ParquetColumns(MessageType file, String textField, String idField, @Nullable String groupField) {
    paths = new ArrayList<>(List.of(textField));
    boolean hasId = isScalar(find(file, idField)) && paths.add(idField);
    boolean hasGroup =
        groupField != null && isScalar(find(file, groupField)) && paths.add(groupField);
    schema = new MessageType(file.getName(), fields(file, ""));
    rows =
        RowMaterializer.of(
            GenericData.get(), new MessageType("row", renamed(schema)), record("row", schema));
    text = place(textField);
    id = hasId ? place(idField) : null;
    group = hasGroup ? place(Objects.requireNonNull(groupField)) : null;
  }

  /** The column at a field path that no repetition leads to, or null. */
  static @Nullable Type find(MessageType schema, String path) {
    GroupType at = schema;
    String[] names = path.split("\\.", -1);
    for (int i = 0; i < names.length; i++) {
      if (!at.containsField(names[i])) {
        return null;
      }
      Type type = at.getType(names[i]);
      if (i == names.length - 1) {
        return type;
      }
      if (type.isPrimitive() || type.isRepetition(Type.Repetition.REPEATED)) {
        return null;
      }
      at = type.asGroupType();
    }
    return null;
  }

  /** Whether a name of a field path is that of two fields, so that nobody knows which is meant. */
  static boolean isTwice(MessageType schema, String path) {
    GroupType at = schema;
    for (String name : path.split("\\.", -1)) {
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

  static boolean isString(Type type) {
    if (!type.isPrimitive()
        || type.isRepetition(Type.Repetition.REPEATED)
        || type.asPrimitiveType().getPrimitiveTypeName() != PrimitiveTypeName.BINARY) {
      return false;
    }
    LogicalTypeAnnotation logical = type.getLogicalTypeAnnotation();
    return logical == null
        || logical.equals(LogicalTypeAnnotation.stringType())
        || logical.equals(LogicalTypeAnnotation.jsonType())
        || logical.equals(LogicalTypeAnnotation.enumType());
  }

  private static boolean isScalar(@Nullable Type type) {
    if (type == null || !type.isPrimitive() || type.isRepetition(Type.Repetition.REPEATED)) {
      return false;
    }
    PrimitiveTypeName name = type.asPrimitiveType().getPrimitiveTypeName();
    return isString(type)
        || name == PrimitiveTypeName.INT32
        || name == PrimitiveTypeName.INT64
        || name == PrimitiveTypeName.BOOLEAN;
  }

  private List<Type> fields(GroupType in, String prefix) {
    List<Type> kept = new ArrayList<>();
    for (Type type : in.getFields()) {
      String path = prefix + type.getName();
      if (paths.contains(path)) {
        kept.add(type);
      } else if (paths.stream().anyMatch(p -> p.startsWith(path + ".")) && !type.isPrimitive()) {
        kept.add(type.asGroupType().withNewFields(fields(type.asGroupType(), path + ".")));
      }
    }
    return kept;
  }

  /** The fields of a group of requested columns under the names that they have in a row. */
  private static Type[] renamed(GroupType group) {
    Type[] fields = new Type[group.getFieldCount()];
    for (int i = 0; i < fields.length; i++) {
      Type field = group.getType(i);
      fields[i] =
          field.isPrimitive()
              ? new org.apache.parquet.schema.PrimitiveType(
                  field.getRepetition(), field.asPrimitiveType().getPrimitiveTypeName(), "c" + i)
              : new GroupType(field.getRepetition(), "c" + i, renamed(field.asGroupType()));
    }
    return fields;
  }

  private static Schema record(String name, GroupType group) {
    List<Schema.Field> fields = new ArrayList<>();
    for (Type field : group.getFields()) {
      int number = fields.size();
      Schema value =
          field.isPrimitive()
              ? Schema.create(
                  switch (field.asPrimitiveType().getPrimitiveTypeName()) {
                    case INT32 -> Schema.Type.INT;
                    case INT64 -> Schema.Type.LONG;
                    case BOOLEAN -> Schema.Type.BOOLEAN;
                    default -> Schema.Type.BYTES;
                  })
              : record(name + "_" + number, field.asGroupType());
      Schema optional = Schema.createUnion(Schema.create(Schema.Type.NULL), value);
      fields.add(new Schema.Field("c" + number, optional));
    }
    return Schema.createRecord(name, null, null, false, fields);
  }

  /** The numbers of the fields that lead from a row to a column. */
  private int[] place(String path) {
    List<String> names = Arrays.asList(path.split("\\.", -1));
    int[] place = new int[names.size()];
    GroupType at = schema;
    for (int i = 0; i < place.length; i++) {
      place[i] = at.getFieldIndex(names.get(i));
      if (i + 1 < place.length) {
        at = at.getType(place[i]).asGroupType();
      }
    }
    return place;
  }

  /** The columns to read. */
  MessageType schema() {
    return schema;
  }

  /** Makes the rows. */
  RecordMaterializer<GenericRecord> rows() {
    return rows;
  }

  @Nullable ByteBuffer text(GenericRecord row) {
    return (ByteBuffer) value(row, text);
  }

  @Nullable String id(GenericRecord row) {
    return string(row, id);
  }

  @Nullable String group(GenericRecord row) {
    return string(row, group);
  }

  private static @Nullable String string(GenericRecord row, int @Nullable [] place) {
    Object value = place == null ? null : value(row, place);
    return value instanceof ByteBuffer bytes
        ? StandardCharsets.UTF_8.decode(bytes.duplicate()).toString()
        : value == null ? null : value.toString();
  }

  private static @Nullable Object value(GenericRecord row, int[] place) {
    Object value = row;
    for (int number : place) {
      value = value instanceof GenericRecord group ? group.get(number) : null;
    }
    return value;
  }
}
