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
 * Values of a Parquet file as JSON: groups are objects, lists are arrays, maps are arrays of {@code
 * {"key", "value"}}, dates and times are the file's integers, and bytes that are not text are
 * Base64.
 */
final class ParquetJson {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private ParquetJson() {}

  /**
   * The value of a field as JSON. A value that is a JSON string, such as the Base64 of bytes, has
   * no quotes and escapes.
   *
   * @param holder the group that has the field
   * @param occurrence the index of the value, if the field is repeated
   * @param all whether all values of a repeated field are meant, in a list
   */
  static String of(Group holder, int field, int occurrence, boolean all, Type type) {
    JsonNode node = all ? all(holder, field, type) : value(holder, field, occurrence, type);
    return node.isTextual() ? node.textValue() : Json.line(node);
  }

  private static ArrayNode all(Group holder, int field, Type type) {
    ArrayNode values = JSON.arrayNode();
    for (int i = 0; i < holder.getFieldRepetitionCount(field); i++) {
      values.add(value(holder, field, i, type));
    }
    return values;
  }

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
      default -> JSON.binaryNode(holder.getBinary(field, occurrence).getBytes());
    };
  }

  /** JSON has neither NaN nor infinity. */
  private static JsonNode number(double value) {
    return Double.isFinite(value) ? JSON.numberNode(value) : JSON.nullNode();
  }

  /** A group as an object, a list or a map. */
  static JsonNode group(Group group, GroupType type) {
    if (LogicalTypeAnnotation.listType().equals(type.getLogicalTypeAnnotation())
        && type.getFieldCount() == 1) {
      Type repeated = type.getType(0);
      boolean wraps = !repeated.isPrimitive() && repeated.asGroupType().getFieldCount() == 1;
      if (!wraps) {
        return all(group, 0, repeated);
      }
      ArrayNode values = JSON.arrayNode();
      for (int i = 0; i < group.getFieldRepetitionCount(0); i++) {
        values.add(field(group.getGroup(0, i), 0, repeated.asGroupType().getType(0)));
      }
      return values;
    }
    if (type.getFieldCount() == 1
        && LogicalTypeAnnotation.mapType().equals(type.getLogicalTypeAnnotation())) {
      return all(group, 0, type.getType(0));
    }
    ObjectNode object = JSON.objectNode();
    for (int i = 0; i < type.getFieldCount(); i++) {
      object.set(type.getFieldName(i), field(group, i, type.getType(i)));
    }
    return object;
  }

  private static JsonNode field(Group group, int field, Type type) {
    if (type.isRepetition(Type.Repetition.REPEATED)) {
      return all(group, field, type);
    }
    return group.getFieldRepetitionCount(field) == 0
        ? JSON.nullNode()
        : value(group, field, 0, type);
  }
}
