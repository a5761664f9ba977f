package org.merganser.corpus.read;

import java.io.IOException;
import java.util.List;
import org.apache.commons.io.function.IOConsumer;
import org.merganser.binary.ByteBuilder;
import org.merganser.corpus.DeadLetter;
import org.merganser.corpus.DeadLetter.Reason;
import org.merganser.corpus.InvalidUtf8;
import org.merganser.corpus.Segments;
import org.merganser.corpus.field.ByteSearch;
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

/** Turns a JSON object into a document; text without escapes is not copied. */
final class JsonToDocument implements IOConsumer<RawRecord> {
  private final String noun;
  private final RecordFields fields;
  private final RecordSink sink;
  private final MemoryCutter cutter;
  private final JsonSegments lists;
  private final JsonStrings strings;
  private final SegmentTexts segments;
  private final JsonRecord json;
  private final ByteBuilder text = new ByteBuilder(1 << 16);

  /**
   * @param noun a record in messages: a line, or an item of an array
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
    this.json = new JsonRecord(fields.paths(), replacing ? fields.textFields() : 0);
    this.lists = new JsonSegments(replacing);
    this.strings = new JsonStrings(replacing);
  }

  @Override
  public void accept(RawRecord raw) throws IOException {
    byte[] bytes = raw.bytes();
    boolean mark = raw.offset() == 0 && ByteSearch.startsWithMark(bytes, raw.from(), raw.to());
    int value = mark ? raw.from() + 3 : raw.from();
    if (isBlank(bytes, value, raw.to())) {
      sink.blank();
    } else if (!json.parse(bytes, value, raw.to())) {
      sink.dead(raw, Reason.INVALID_JSON, lineProblem(raw, value));
    } else {
      document(raw);
    }
  }

  /** The problem of a line; for each line of a file in UTF-16 it names the encoding. */
  private String lineProblem(RawRecord raw, int value) {
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
    for (int i = raw.from(); i < Math.min(raw.to(), raw.from() + 4); i++) {
      if (bytes[i] == 0) {
        return "not JSON: the "
            + noun
            + " has NUL bytes, as in UTF-16 or UTF-32; convert the file to"
            + " UTF-8";
      }
    }
    return "not JSON: " + json.error() + ", at byte " + json.errorAt() + " of the " + noun;
  }

  private static boolean isBlank(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes[i] != '\r' && bytes[i] != ' ' && bytes[i] != '\t') {
        return false;
      }
    }
    return true;
  }

  private void withoutText(RawRecord raw, int field) throws IOException {
    Kind kind = json.kind(RecordFields.TEXT + field);
    boolean missing = kind == Kind.MISSING || kind == Kind.NULL;
    String name = fields.text().paths().get(field).source();
    String detail;
    if (!json.isObject()) {
      boolean array =
          raw.offset() == 0 && WholeJson.beginsWithRecords(raw.bytes(), raw.from(), raw.to());
      detail = array ? WholeJson.ARRAY : "the " + noun + " is " + json.top() + ", not an object";
      detail += array ? "" : unwrapping(raw);
    } else if (kind == Kind.MISSING) {
      String names = json.names();
      detail =
          "there is no field %s (%s); the %s has %s"
              .formatted(
                  name,
                  fields.textKey(),
                  noun,
                  names.isEmpty() ? "no field" : "the fields " + names);
      if (name.indexOf('.') > 0 && List.of(names.split(", ", -1)).contains(name)) {
        detail += "; a name that has a dot is written " + FieldPath.named(name);
      }
      detail += unwrapping(raw);
    } else {
      String one = fields.segmented() ? "a list of segments" : "a string";
      String expected = fields.text().isField() ? one : "a string, a number or a boolean";
      detail = "field " + name + " is " + kind + ", not " + expected;
    }
    sink.dead(raw, missing ? Reason.MISSING_TEXT : Reason.TEXT_NOT_STRING, detail);
  }

  /** How the first line becomes records if it holds several; "" otherwise. */
  private static String unwrapping(RawRecord raw) {
    int some = Math.min(raw.to(), raw.from() + DeadLetter.RAW_LIMIT);
    String advice = raw.offset() == 0 ? WholeJson.unwrapping(raw.bytes(), raw.from(), some) : null;
    return advice == null ? "" : "; if " + advice;
  }

  /** Reads the segments; false if the line became a dead letter. */
  private boolean readSegments(RawRecord raw) throws IOException {
    int from = json.start(RecordFields.TEXT);
    String wrong = lists.read(raw.bytes(), from, json.end(RecordFields.TEXT), segments);
    String notUtf8 = segments.notUtf8();
    String field = "field " + fields.text().paths().get(0).source() + ": ";
    if (wrong != null) {
      sink.dead(raw, Reason.INVALID_SEGMENTS, field + wrong);
      return false;
    }
    if (notUtf8 != null) {
      sink.notUtf8(raw, field + notUtf8);
      return false;
    }
    return true;
  }

  /** Joins the strings of a list; false if the line became a dead letter. */
  private boolean readStrings(RawRecord raw) throws IOException {
    text.clear();
    int from = json.start(RecordFields.TEXT);
    String wrong = strings.read(raw.bytes(), from, json.end(RecordFields.TEXT), text);
    if (wrong != null) {
      String name = fields.text().paths().get(0).source();
      String detail = "field " + name + " is a list, and " + wrong;
      sink.dead(raw, Reason.TEXT_NOT_STRING, detail);
    }
    return wrong == null;
  }

  private void document(RawRecord raw) throws IOException {
    byte[] source = text.bytes();
    int start = 0;
    int end = 0;
    Kind expected = fields.segmented() ? Kind.ARRAY : Kind.STRING;
    boolean joined =
        fields.text().isField()
            && !fields.segmented()
            && json.kind(RecordFields.TEXT) == Kind.ARRAY;
    if (joined) {
      if (!readStrings(raw)) {
        return;
      }
      source = text.bytes();
      end = text.length();
    } else if (fields.text().isField() && json.kind(RecordFields.TEXT) != expected) {
      withoutText(raw, 0);
      return;
    } else if (fields.segmented()) {
      if (!readSegments(raw)) {
        return;
      }
      source = segments.text().bytes();
      end = segments.text().length();
    } else if (fields.text().isField()) {
      source = json.bytes(RecordFields.TEXT);
      start = json.start(RecordFields.TEXT);
      end = json.end(RecordFields.TEXT);
    } else {
      text.clear();
      int field = fields.text().append(json, RecordFields.TEXT, text);
      if (field != FieldTemplate.WHOLE) {
        withoutText(raw, field);
        return;
      }
      source = text.bytes();
      end = text.length();
    }
    Segments of = fields.segmented() ? segments.segments() : null;
    cutter.document(raw, fields, json, true, of, source, start, end);
  }
}
