package org.merganser.corpus.read;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.util.List;
import org.apache.commons.io.function.IOConsumer;
import org.merganser.binary.ByteBuilder;
import org.merganser.corpus.DeadLetter;
import org.merganser.corpus.DeadLetter.Reason;
import org.merganser.corpus.InvalidUtf8;
import org.merganser.corpus.field.ByteOrderMark;
import org.merganser.corpus.field.FieldPath;
import org.merganser.corpus.field.FieldTemplate;
import org.merganser.corpus.field.FieldValues.Kind;
import org.merganser.corpus.field.JsonRecord;
import org.merganser.corpus.field.JsonSegments;
import org.merganser.corpus.field.JsonStrings;
import org.merganser.corpus.field.RecordFields;
import org.merganser.corpus.field.SegmentTexts;
import org.merganser.corpus.kind.FileKind;
import org.merganser.corpus.kind.FileKindDetector;
import org.merganser.corpus.kind.WholeJson;

/**
 * Turns the JSON of a record into a document, or reports why it is none; text without escapes is
 * not copied.
 */
final class JsonToDocument implements IOConsumer<RawRecord> {
  /** The bytes of the longest code unit, that of UTF-32. */
  private static final int LONGEST_UNIT = 4;

  /** What a record is called in messages: a line, or an item of an array. */
  private final String noun;

  private final RecordFields fields;
  private final RecordSink sink;
  private final MemoryCutter cutter;
  private final JsonSegments segmentReader;
  private final JsonStrings stringReader;
  private final SegmentTexts segments;
  private final JsonRecord json;

  /** The text of a record, if it is not one string. */
  private final ByteBuilder text = new ByteBuilder(1 << 16);

  /**
   * @param noun what a record is called in messages: a line, or an item of an array
   */
  JsonToDocument(
      String noun,
      RecordFields fields,
      InvalidUtf8 invalidUtf8,
      RecordSink sink,
      MemoryCutter cutter) {
    this.noun = noun;
    this.fields = fields;
    this.sink = sink;
    this.cutter = cutter;
    this.segments = new SegmentTexts(invalidUtf8);
    boolean replacing = invalidUtf8.replaces();
    this.json = new JsonRecord(fields.paths(), replacing ? fields.textFieldCount() : 0);
    this.segmentReader = new JsonSegments(replacing);
    this.stringReader = new JsonStrings(replacing);
  }

  @Override
  public void accept(RawRecord raw) throws IOException {
    byte[] bytes = raw.bytes();
    boolean mark = raw.offset() == 0 && ByteOrderMark.begins(bytes, raw.from(), raw.to());
    int value = mark ? raw.from() + ByteOrderMark.LENGTH : raw.from();
    if (isBlank(bytes, value, raw.to())) {
      sink.countBlank();
    } else if (!json.parse(bytes, value, raw.to())) {
      sink.refuse(raw, Reason.INVALID_JSON, notJson(raw, value));
    } else {
      passDocument(raw);
    }
  }

  /**
   * Says why a record is not JSON. For the first one of the file it also says what the file may be
   * instead; for each one in UTF-16 or UTF-32 it names the encoding.
   *
   * @param value where the value begins, after a byte order mark
   */
  private String notJson(RawRecord raw, int value) {
    byte[] bytes = raw.bytes();
    boolean first = raw.offset() == 0;
    FileKind kind = first ? FileKindDetector.of(bytes, raw.from(), raw.to(), sink.file()) : null;
    if (kind != null) {
      return kind.message();
    }
    if (first && json.top() == Kind.ARRAY) {
      return WholeJson.ARRAY;
    }
    if (first && json.isObject() && value + json.errorAt() >= raw.to()) {
      return "not JSON: the line ends within an object; JSON lines have an object a line, and jq -c"
          + " . FILE > FILE.jsonl makes lines of objects that have several";
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

  /** Whether a record has only white space. */
  private static boolean isBlank(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes[i] != '\r' && bytes[i] != ' ' && bytes[i] != '\t') {
        return false;
      }
    }
    return true;
  }

  /** Passes on the document of a record whose JSON was parsed. */
  private void passDocument(RawRecord raw) throws IOException {
    Kind kind = json.kind(RecordFields.TEXT);
    if (!fields.text().isField()) {
      passTemplate(raw);
    } else if (kind == Kind.ARRAY && fields.segmented()) {
      passSegments(raw);
    } else if (kind == Kind.ARRAY) {
      passStrings(raw);
    } else if (kind == Kind.STRING && !fields.segmented()) {
      byte[] source = json.bytes(RecordFields.TEXT);
      int from = json.start(RecordFields.TEXT);
      passText(raw, RecordText.of(source, from, json.end(RecordFields.TEXT)));
    } else {
      refuseWithoutText(raw, 0);
    }
  }

  private void passText(RawRecord raw, RecordText ofRecord) throws IOException {
    cutter.passDocument(raw, fields, json, ofRecord);
  }

  /** Passes on a text that is made by a template. */
  private void passTemplate(RawRecord raw) throws IOException {
    text.clear();
    int field = fields.text().append(json, RecordFields.TEXT, text);
    if (field == FieldTemplate.WHOLE) {
      passText(raw, RecordText.of(text));
    } else {
      refuseWithoutText(raw, field);
    }
  }

  /** Passes on a text that is the texts of a list of segments, joined. */
  private void passSegments(RawRecord raw) throws IOException {
    int from = json.start(RecordFields.TEXT);
    String wrong = segmentReader.read(raw.bytes(), from, json.end(RecordFields.TEXT), segments);
    String notUtf8 = segments.notUtf8();
    String field = "field " + fields.text().paths().get(0).source() + ": ";
    if (wrong != null) {
      sink.refuse(raw, Reason.INVALID_SEGMENTS, field + wrong);
    } else if (notUtf8 != null) {
      sink.refuseNotUtf8(raw, field + notUtf8);
    } else {
      passText(raw, RecordText.of(segments));
    }
  }

  /** Passes on a text that is the strings of a list, joined. */
  private void passStrings(RawRecord raw) throws IOException {
    text.clear();
    int from = json.start(RecordFields.TEXT);
    String wrong = stringReader.read(raw.bytes(), from, json.end(RecordFields.TEXT), text);
    if (wrong == null) {
      passText(raw, RecordText.of(text));
    } else {
      String name = fields.text().paths().get(0).source();
      String detail = "field " + name + " is a list, and " + wrong;
      sink.refuse(raw, Reason.TEXT_NOT_STRING, detail);
    }
  }

  /**
   * Reports a record that has no text.
   *
   * @param field the number of a field of the text, from 0, that is missing or of another type
   */
  private void refuseWithoutText(RawRecord raw, int field) throws IOException {
    Kind kind = json.kind(RecordFields.TEXT + field);
    String name = fields.text().paths().get(field).source();
    String detail;
    if (!json.isObject()) {
      detail = notAnObject(raw);
    } else if (kind == Kind.MISSING) {
      detail = missing(name) + unwrapping(raw);
    } else {
      String ofField = fields.segmented() ? "a list of segments" : "a string";
      String expected = fields.text().isField() ? ofField : "a string, a number or a boolean";
      detail = "field " + name + " is " + kind + ", not " + expected;
    }
    boolean isMissing = kind == Kind.MISSING || kind == Kind.NULL;
    sink.refuse(raw, isMissing ? Reason.MISSING_TEXT : Reason.TEXT_NOT_STRING, detail);
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
    boolean isName = name.indexOf('.') > 0 && List.of(names.split(", ", -1)).contains(name);
    return isName ? detail + "; a name that has a dot is written " + FieldPath.named(name) : detail;
  }

  /** How the first line becomes records if it holds several; "" otherwise. */
  private static String unwrapping(RawRecord raw) {
    if (raw.offset() > 0) {
      return "";
    }
    int to = Math.min(raw.to(), raw.from() + DeadLetter.RAW_LIMIT);
    String advice = WholeJson.unwrapping(raw.bytes(), raw.from(), to);
    return advice == null ? "" : "; if " + advice;
  }
}
