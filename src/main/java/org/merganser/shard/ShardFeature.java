package org.merganser.shard;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;
import org.merganser.json.Json;

/**
 * A column of a shard as HF's datasets describe it.
 *
 * @param name the name of the column
 * @param dtype the type of a value, or of the elements of a list, as datasets spells it
 * @param isList whether a row has a list
 */
public record ShardFeature(String name, String dtype, boolean isList) {

  /** The features of a shard's columns, in their order. */
  static List<ShardFeature> of(MessageType schema) {
    List<ShardFeature> features = new ArrayList<>();
    for (Type field : schema.getFields()) {
      boolean isList = !field.isPrimitive();
      Type value =
          isList ? field.asGroupType().getType("list").asGroupType().getType("element") : field;
      features.add(new ShardFeature(field.getName(), dtype(value.asPrimitiveType()), isList));
    }
    return features;
  }

  /** The spelling of a type; an INT32 with an annotation is a mask ({@link ShardSchema}). */
  private static String dtype(PrimitiveType type) {
    return switch (type.getPrimitiveTypeName()) {
      case INT32 -> type.getLogicalTypeAnnotation() == null ? "int32" : "int8";
      case INT64 -> "int64";
      case DOUBLE -> "float64";
      case BOOLEAN -> "bool";
      default -> "string";
    };
  }

  /**
   * The features in the form of datasets' JSON. A list is a {@code Sequence}, which all releases of
   * datasets read.
   */
  static ObjectNode toJson(List<ShardFeature> features) {
    ObjectNode json = Json.MAPPER.createObjectNode();
    for (ShardFeature feature : features) {
      ObjectNode object = json.putObject(feature.name());
      ObjectNode value = feature.isList() ? object.putObject("feature") : object;
      value.put("dtype", feature.dtype()).put("_type", "Value");
      if (feature.isList()) {
        object.put("_type", "Sequence");
      }
    }
    return json;
  }
}
