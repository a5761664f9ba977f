package org.merganser.corpus.read;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.List;
import org.merganser.corpus.DeadLetter;
import org.merganser.corpus.field.FieldPath;
import org.merganser.corpus.field.FieldValues.Kind;
import org.merganser.corpus.field.JsonRecord;
import org.merganser.corpus.field.RecordFields;
import org.merganser.corpus.kind.FileKind;
import org.merganser.corpus.kind.FileKindDetector;
import org.merganser.corpus.kind.WholeJson;

/**
 * Says why the JSON of a record is no document. For the first record of a file, it also says what
 * the file may be instead.
 *
 * @param json has parsed the record
 * @param noun what a record is called in messages: a line, or an item of an array
 * @param file its path, in which the kind of a file may show
 */
record JsonProblem(JsonRecord json, RecordFields fields, String noun, String file) {
  /** How a file of objects that have several lines becomes JSON lines. */
  static final String TO_LINES =
      "jq -c . FILE > FILE.jsonl makes lines of objects that have several";

  /** The bytes of the longest code unit, that of UTF-32. */
  private static final int LONGEST_UNIT = 4;

  /**
   * The problem of a record that is not JSON. One in UTF-16 or UTF-32 is recognized by its NUL
   * bytes.
   *
   * @param value where the value begins, after a byte order mark
   */
  String notJson(RawRecord raw, int value) {
    byte[] bytes = raw.bytes();
    boolean first = raw.offset() == 0;
    FileKind kind = first ? FileKindDetector.of(bytes, raw.from(), raw.to(), file) : null;
    if (kind != null) {
      return kind.message();
    }
    if (first && json.top() == Kind.ARRAY) {
      return WholeJson.ARRAY;
    }
    if (first && json.isObject() && value + json.errorAt() >= raw.to()) {
      return "not JSON: the line ends within an object; JSON lines have an object a line, and "
          + TO_LINES;
    }
    for (int i = raw.from(); i < Math.min(raw.to(), raw.from() + LONGEST_UNIT); i++) {
      if (bytes[i] == 0) {
        return "not JSON: the %s has NUL bytes, as in UTF-16 or UTF-32; convert the file to UTF-8"
            .formatted(noun);
      }
    }
    String detail = "not JSON: " + json.error() + ", at byte " + json.errorAt() + " of the " + noun;
    return first ? detail + tableFormat(raw) : detail;
  }

  /** Names the format that a file with this first line has, if it is a table; "" otherwise. */
  private String tableFormat(RawRecord raw) {
    if (json.isObject() || json.top() == Kind.ARRAY) {
      return "";
    }
    String line = new String(raw.bytes(), raw.from(), raw.length(), ISO_8859_1);
    if (line.indexOf('\t') >= 0) {
      return "; if this is the header of a table, use the format tsv";
    }
    return line.indexOf(',') < 0 ? "" : "; if this is the header of a table, use the format csv";
  }

  /**
   * The problem of a record whose JSON has no text.
   *
   * @param field the number of a field of the text, from 0, that is missing or of another type
   */
  String withoutText(RawRecord raw, int field) {
    Kind kind = json.kind(RecordFields.TEXT + field);
    if (!json.isObject()) {
      return notAnObject(raw);
    }
    String name = fields.text().paths().get(field).source();
    if (kind == Kind.MISSING) {
      return missing(name) + unwrapping(raw);
    }
    String ofField = fields.segmented() ? "a list of segments" : "a string";
    String expected = fields.text().isField() ? ofField : "a string, a number or a boolean";
    return "field " + name + " is " + kind + ", not " + expected;
  }

  /** Says that a record is no object, and what the file is if it is one array. */
  private String notAnObject(RawRecord raw) {
    boolean isArray =
        raw.offset() == 0 && WholeJson.beginsWithRecords(raw.bytes(), raw.from(), raw.to());
    return isArray
        ? WholeJson.ARRAY
        : "the " + noun + " is " + json.top() + ", not an object" + unwrapping(raw);
  }

  /** Says that a record has no field of a path, and which fields it has. */
  private String missing(String name) {
    String names = json.firstKeys();
    String detail =
        "there is no field %s (%s); the %s has %s"
            .formatted(
                name, fields.textKey(), noun, names.isEmpty() ? "no field" : "the fields " + names);
    boolean isOneName = name.indexOf('.') > 0 && List.of(names.split(", ", -1)).contains(name);
    return isOneName
        ? detail + "; a name that has a dot is written " + FieldPath.named(name)
        : detail;
  }

  /** Says how the first record of a file becomes records if it has several; "" otherwise. */
  private static String unwrapping(RawRecord raw) {
    if (raw.offset() > 0) {
      return "";
    }
    int to = Math.min(raw.to(), raw.from() + DeadLetter.RAW_LIMIT);
    String advice = WholeJson.unwrapping(raw.bytes(), raw.from(), to);
    return advice == null ? "" : "; if " + advice;
  }
}
