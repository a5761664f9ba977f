package org.merganser.beam;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.schemas.Schema.FieldType;
import org.apache.beam.sdk.values.Row;
import org.jspecify.annotations.Nullable;

/** Fields that a transform reads from rows and appends to them. */
final class RowFields {
  /** The maximum characters of a row in a message. */
  private static final int SHOWN_CHARACTERS = 300;

  private RowFields() {}

  /**
   * The index of a field that is a string.
   *
   * @throws IllegalArgumentException if there is none, naming the existing fields
   */
  static int requireString(Schema schema, String name) {
    if (!schema.hasField(name)
        || !schema.getField(name).getType().withNullable(false).typesEqual(FieldType.STRING)) {
      throw new IllegalArgumentException(
          ("rows must have a field \"%s\" that is a string; their fields are %s. Name the field"
                  + " that is meant")
              .formatted(name, listed(schema)));
    }
    return schema.indexOf(name);
  }

  /**
   * The schema with another field at its end.
   *
   * @throws IllegalArgumentException if there is a field of that name
   */
  static Schema append(Schema schema, String name, FieldType type) {
    if (schema.hasField(name)) {
      throw new IllegalArgumentException(
          ("rows have a field \"%s\" already, which would be the name of the result; their fields"
                  + " are %s. Give the result another name")
              .formatted(name, listed(schema)));
    }
    return Schema.builder().addFields(schema.getFields()).addField(name, type).build();
  }

  /**
   * The row with another value at its end.
   *
   * @param schema the result of {@link #append(Schema, String, FieldType)}
   */
  static Row append(Row row, Schema schema, Object value) {
    List<@Nullable Object> values = new ArrayList<>(row.getValues());
    values.add(value);
    return Row.withSchema(schema).attachValues(values);
  }

  /** A row for a message: its fields with their values, cut if they are long. */
  static String shown(Row row) {
    String all =
        IntStream.range(0, row.getFieldCount())
            .mapToObj(i -> row.getSchema().getField(i).getName() + ": " + row.<Object>getValue(i))
            .collect(Collectors.joining(", ", "{", "}"));
    return all.length() <= SHOWN_CHARACTERS ? all : all.substring(0, SHOWN_CHARACTERS) + "…";
  }

  /** The fields of a schema with their types, for a message. */
  private static String listed(Schema schema) {
    return schema.getFields().stream()
        .map(field -> "\"" + field.getName() + "\" (" + field.getType().getTypeName() + ")")
        .collect(Collectors.joining(", "));
  }
}
