package org.merganser.corpus.read;

import java.util.List;
import java.util.stream.Collectors;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.DeadLetter.Reason;
import org.merganser.corpus.field.FieldPath;
import org.merganser.corpus.field.FieldTemplate;
import org.merganser.corpus.field.RecordFields;

/**
 * Why the rows of a Parquet file cannot be documents, by the schema of the file.
 *
 * @param reason for the dead letter of the rows
 * @param detail for a person
 */
record ParquetSchemaProblem(Reason reason, String detail) {
  /** The most columns in a message: a footer may have any number. */
  private static final int MOST_NAMES = 40;

  /** The most characters of a name in a message. */
  private static final int MOST_CHARACTERS = 100;

  /** The problem of a file; null if its rows have the text, and each field is one column. */
  static @Nullable ParquetSchemaProblem of(MessageType schema, RecordFields fields) {
    for (FieldPath path : fields.paths()) {
      if (ParquetColumn.isAmbiguous(schema, path)) {
        return new ParquetSchemaProblem(
            Reason.UNDECODABLE,
            "the file has two columns of the name " + path.source() + "; rename one of them");
      }
    }
    FieldTemplate text = fields.text();
    for (int i = 0; i < text.paths().size(); i++) {
      FieldPath path = text.paths().get(i);
      ParquetColumn column = ParquetColumn.find(schema, path);
      if (column == null && !text.isOptional(i)) {
        return new ParquetSchemaProblem(Reason.MISSING_TEXT, missing(path, fields, schema));
      }
      if (column != null && !isText(column, fields)) {
        return new ParquetSchemaProblem(Reason.TEXT_NOT_STRING, wrongType(path, column, fields));
      }
    }
    return null;
  }

  private static String missing(FieldPath path, RecordFields fields, MessageType schema) {
    return "there is no column %s (%s); the file has the columns %s"
        .formatted(
            path.source(),
            fields.textKey(),
            listed(schema.getFields().stream().map(Type::getName).toList()));
  }

  private static String wrongType(FieldPath path, ParquetColumn column, RecordFields fields) {
    String type = column.type().toString().replaceAll("\\s+", " ");
    String ofField =
        fields.segmented() ? "a list of groups with a string text and a boolean loss" : "a string";
    String expected = fields.text().isField() ? ofField : "a string, an integer or a boolean";
    return "column " + path.source() + " is \"" + shortened(type) + "\", not " + expected;
  }

  /** Whether the type of a column is one that the text takes. */
  private static boolean isText(ParquetColumn column, RecordFields fields) {
    if (fields.segmented()) {
      return ParquetSegments.areIn(column);
    }
    return fields.text().isField() ? column.isString() || column.hasStrings() : column.isScalar();
  }

  /** The first names, and the number of the others. */
  private static String listed(List<String> names) {
    String first =
        names.stream()
            .limit(MOST_NAMES)
            .map(ParquetSchemaProblem::shortened)
            .collect(Collectors.joining(", "));
    int more = names.size() - MOST_NAMES;
    return more > 0 ? first + " and " + more + " more" : first;
  }

  /** The first characters of a text from the file, for a message; all if they are few. */
  static String shortened(String text) {
    return text.length() <= MOST_CHARACTERS ? text : text.substring(0, MOST_CHARACTERS) + "…";
  }
}
