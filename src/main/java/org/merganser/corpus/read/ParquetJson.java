package org.merganser.corpus.read;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.Type;
import org.merganser.json.Json;

/**
 * Values of a Parquet file as JSON: groups are objects, annotated lists and repeated fields are
 * arrays, maps are arrays of {@code {"key", "value"}}. Dates, times and decimals are what the file
 * stores, an integer or bytes; bytes that are not text are Base64.
 */
final class ParquetJson {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private ParquetJson() {}

  /**
   * The value of a column as a text: JSON, or, of a JSON string, such as the Base64 of bytes, what
   * it has within its quotes, without escapes.
   *
   * @param holder the group that has the column's value
   */
  static String of(Group holder, ParquetColumn column) {
    int field = holder.getType().getFieldIndex(column.lastName());
    JsonNode node =
        column.isList()
            ? allValues(holder, field, column.type())
            : value(holder, field, column.lastOccurrence(), column.type());
    return node.isTextual() ? node.textValue() : Json.line(node);
  }

  /** All values of a repeated field. */
  private static ArrayNode allValues(Group holder, int field, Type type) {
    ArrayNode values = JSON.arrayNode();
    for (int i = 0; i < holder.getFieldRepetitionCount(field); i++) {
      values.add(value(holder, field, i, type));
    }
    return values;
  }

  /**
   * One value of a field.
   *
   * @param occurrence the index of the value if the field is repeated, else 0
   */
  private static JsonNode value(Group holder, int field, int occurrence, Type type) {
    if (!type.isPrimitive()) {
      return group(holder.getGroup(field, occurrence), type.asGroupType());
    }
    if (ParquetTypes.isString(type)) {
      return JSON.textNode(holder.getBinary(field, occurrence).toStringUsingUTF8());
    }
    return switch (type.asPrimitiveType().getPrimitiveTypeName()) {
      case INT32 -> JSON.numberNode(holder.getInteger(field, occurrence));
      case INT64 -> JSON.numberNode(holder.getLong(field, occurrence));
      case BOOLEAN -> JSON.booleanNode(holder.getBoolean(field, occurrence));
      case FLOAT -> number(holder.getFloat(field, occurrence));
      case DOUBLE -> number(holder.getDouble(field, occurrence));
      case INT96 -> JSON.binaryNode(holder.getInt96(field, occurrence).getBytes());
      case BINARY, FIXED_LEN_BYTE_ARRAY ->
          JSON.binaryNode(holder.getBinary(field, occurrence).getBytes());
    };
  }

  /** A number with the digits of a float; null for NaN and infinity, which JSON does not have. */
  private static JsonNode number(float value) {
    return Float.isFinite(value) ? JSON.numberNode(value) : JSON.nullNode();
  }

  /** A number; null for NaN and infinity, which JSON does not have. */
  private static JsonNode number(double value) {
    return Double.isFinite(value) ? JSON.numberNode(value) : JSON.nullNode();
  }

  /** A group as an object, a list or a map. */
  static JsonNode group(Group group, GroupType type) {
    boolean isSingle = type.getFieldCount() == 1;
    if (isSingle && LogicalTypeAnnotation.listType().equals(type.getLogicalTypeAnnotation())) {
      return list(group, type);
    }
    if (isSingle && LogicalTypeAnnotation.mapType().equals(type.getLogicalTypeAnnotation())) {
      return allValues(group, 0, type.getType(0));
    }
    ObjectNode object = JSON.objectNode();
    for (int i = 0; i < type.getFieldCount(); i++) {
      object.set(type.getFieldName(i), field(group, i, type.getType(i)));
    }
    return object;
  }

  /** The elements of a list; {@link ParquetColumn#isWrapper} says where they are. */
  private static ArrayNode list(Group list, GroupType type) {
    Type repeated = type.getType(0);
    if (!ParquetColumn.isWrapper(repeated, type)) {
      return allValues(list, 0, repeated);
    }
    ArrayNode values = JSON.arrayNode();
    for (int i = 0; i < list.getFieldRepetitionCount(0); i++) {
      values.add(field(list.getGroup(0, i), 0, repeated.asGroupType().getType(0)));
    }
    return values;
  }

  /** A field of a group: all values if it is repeated, else its value, or null without one. */
  private static JsonNode field(Group group, int field, Type type) {
    if (type.isRepetition(Type.Repetition.REPEATED)) {
      return allValues(group, field, type);
    }
    return group.getFieldRepetitionCount(field) == 0
        ? JSON.nullNode()
        : value(group, field, 0, type);
  }
}
