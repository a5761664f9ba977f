package org.merganser.beam;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.schemas.transforms.providers.ErrorHandling;
import org.apache.beam.sdk.values.Row;

/** Rows that a transform puts aside, with the reason: the form of Beam's own schema transforms. */
final class FailedRows {
  private static final int SHOWN = 300;

  private FailedRows() {}

  /** {@code failed_row} and {@code error_message}. */
  static Schema schema(Schema input) {
    return ErrorHandling.errorSchema(input);
  }

  static Row of(Schema schema, Row row, String reason) {
    return Row.withSchema(schema).attachValues(row, reason);
  }

  /** A row for a message, which a long text does not fill. */
  static String shown(Row row) {
    String all =
        IntStream.range(0, row.getFieldCount())
            .mapToObj(i -> row.getSchema().getField(i).getName() + ": " + row.<Object>getValue(i))
            .collect(Collectors.joining(", ", "{", "}"));
    return all.length() <= SHOWN ? all : all.substring(0, SHOWN) + "…";
  }
}
