package org.merganser.shard;

import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.BINARY;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.BOOLEAN;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.DOUBLE;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT32;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT64;

import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;
import org.merganser.corpus.KeptField;

/** The types of {@link ShardColumns} in Parquet. */
final class ShardSchema {
  private ShardSchema() {}

  /** The schema of a shard with these columns. */
  static MessageType of(ShardColumns columns) {
    List<Type> fields = new ArrayList<>();
    columns.names().forEach((column, name) -> fields.add(type(column, name)));
    for (KeptField field : columns.kept()) {
      fields.add(type(field));
    }
    return new MessageType(columns.sequences() ? "packed" : "shard", fields);
  }

  /** The type of the kept field whose column has this type. */
  static KeptField.Type keptType(Type field) {
    if (!field.isPrimitive()) {
      return KeptField.Type.STRING; // a guess that cannot match: the schemas differ then
    }
    return switch (field.asPrimitiveType().getPrimitiveTypeName()) {
      case INT64 -> KeptField.Type.INTEGER;
      case DOUBLE -> KeptField.Type.DOUBLE;
      case BOOLEAN -> KeptField.Type.BOOLEAN;
      default -> KeptField.Type.STRING;
    };
  }

  private static Type type(ShardColumn column, String name) {
    return switch (column) {
      case DOC_ID, FILE, SEQUENCE_ID -> text(Type.Repetition.REQUIRED, name);
      case GROUP -> text(Type.Repetition.OPTIONAL, name);
      case OFFSET -> Types.required(INT64).named(name);
      case PART, NUM_TOKENS -> Types.required(INT32).named(name);
      case TOKEN_IDS, LABELS, STARTS, PARTS, POSITIONS, POSITION_IDS, CU_SEQLENS ->
          list(name, Types.required(INT32).named("element"));
      case ATTENTION_MASK, LOSS_MASK -> list(name, signedByte("element"));
      case OFFSETS -> list(name, Types.required(INT64).named("element"));
      // An entry is null if the ids of its piece fill a sequence.
      case DOC_IDS -> list(name, text(Type.Repetition.OPTIONAL, "element"));
      case FILES -> list(name, text(Type.Repetition.REQUIRED, "element"));
    };
  }

  private static PrimitiveType text(Type.Repetition repetition, String name) {
    return Types.primitive(BINARY, repetition).as(LogicalTypeAnnotation.stringType()).named(name);
  }

  private static PrimitiveType signedByte(String name) {
    return Types.required(INT32).as(LogicalTypeAnnotation.intType(8, true)).named(name);
  }

  /** A list as Parquet's specification demands it, without null lists. */
  private static Type list(String name, Type element) {
    return Types.requiredGroup()
        .as(LogicalTypeAnnotation.listType())
        .addField(Types.repeatedGroup().addField(element).named("list"))
        .named(name);
  }

  private static Type type(KeptField field) {
    return switch (field.type()) {
      case STRING -> text(Type.Repetition.OPTIONAL, field.column());
      case INTEGER -> Types.optional(INT64).named(field.column());
      case DOUBLE -> Types.optional(DOUBLE).named(field.column());
      case BOOLEAN -> Types.optional(BOOLEAN).named(field.column());
    };
  }
}
