package org.merganser.corpus.read;

import java.io.IOException;
import org.apache.commons.io.function.IOConsumer;
import org.merganser.binary.ByteBuilder;
import org.merganser.corpus.DeadLetter.Reason;
import org.merganser.corpus.InvalidUtf8;
import org.merganser.corpus.field.ByteOrderMark;
import org.merganser.corpus.field.FieldTemplate;
import org.merganser.corpus.field.FieldValues.Kind;
import org.merganser.corpus.field.JsonRecord;
import org.merganser.corpus.field.JsonSegments;
import org.merganser.corpus.field.JsonStrings;
import org.merganser.corpus.field.RecordFields;
import org.merganser.corpus.field.SegmentTexts;

/**
 * Turns the JSON of a record into a document, or reports why it is none, in the words of {@link
 * JsonProblem}. Text without escapes is not copied.
 */
final class JsonToDocument implements IOConsumer<RawRecord> {
  private final RecordFields fields;
  private final RecordSink sink;
  private final MemoryCutter cutter;
  private final JsonSegments segmentReader;
  private final JsonStrings stringReader;
  private final SegmentTexts segments;
  private final JsonRecord json;

  /** Describes the record that was parsed last, if it is no document. */
  private final JsonProblem problem;

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
    this.fields = fields;
    this.sink = sink;
    this.cutter = cutter;
    this.segments = new SegmentTexts(invalidUtf8);
    boolean replacing = invalidUtf8.replaces();
    this.json = new JsonRecord(fields.paths(), replacing ? fields.textFieldCount() : 0);
    this.problem = new JsonProblem(json, fields, noun, sink.file());
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
      sink.refuse(raw, Reason.INVALID_JSON, problem.notJson(raw, value));
    } else {
      passDocument(raw);
    }
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
    boolean isMissing = kind == Kind.MISSING || kind == Kind.NULL;
    Reason reason = isMissing ? Reason.MISSING_TEXT : Reason.TEXT_NOT_STRING;
    sink.refuse(raw, reason, problem.withoutText(raw, field));
  }
}
