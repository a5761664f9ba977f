package org.merganser.corpus.read;

import java.io.IOException;
import org.merganser.binary.ByteBuilder;
import org.merganser.corpus.DeadLetter.Reason;
import org.merganser.corpus.InvalidUtf8;
import org.merganser.corpus.field.FieldTemplate;
import org.merganser.corpus.field.FieldValues;
import org.merganser.corpus.field.RecordFields;
import org.merganser.corpus.field.SegmentTexts;

/** Turns a row of a Parquet file into a document, or reports why it is none. */
final class ParquetRowToDocument {
  /** In place of the index of an element, if there is none. */
  private static final int NO_ELEMENT = -1;

  private final RecordFields fields;
  private final RecordSink sink;
  private final MemoryCutter cutter;
  private final SegmentTexts segments;

  /** The text of a row that is not one string; or, if it has none, what its dead letter has. */
  private final ByteBuilder joined = new ByteBuilder(1 << 10);

  ParquetRowToDocument(
      RecordFields fields, InvalidUtf8 invalidUtf8, RecordSink sink, MemoryCutter cutter) {
    this.fields = fields;
    this.sink = sink;
    this.cutter = cutter;
    this.segments = new SegmentTexts(invalidUtf8);
  }

  /**
   * Passes on the document of a row, or reports why it is a dead letter.
   *
   * @param row its index in the file
   * @param columns set to the row
   */
  void accept(long row, ParquetColumns columns) throws IOException {
    FieldValues.Kind kind = columns.kind(RecordFields.TEXT);
    if (!fields.text().isField()) {
      passTemplate(row, columns);
    } else if (kind == FieldValues.Kind.NULL) {
      refuseNull(row, 0);
    } else if (fields.segmented()) {
      passSegments(row, columns);
    } else if (kind == FieldValues.Kind.STRING) {
      byte[] text = columns.string(RecordFields.TEXT);
      passText(row, columns, RecordText.of(text, 0, text.length));
    } else {
      passStrings(row, columns);
    }
  }

  /** Passes on a row, whose dead letter would have the text. */
  private void passText(long row, ParquetColumns columns, RecordText text) throws IOException {
    RawRecord raw = new RawRecord(row, text.bytes(), text.from(), text.to());
    cutter.passDocument(raw, fields, columns, text);
  }

  /** Passes on a text that is made by a template. */
  private void passTemplate(long row, ParquetColumns columns) throws IOException {
    joined.clear();
    int field = fields.text().append(columns, RecordFields.TEXT, joined);
    if (field == FieldTemplate.WHOLE) {
      passText(row, columns, RecordText.of(joined));
    } else {
      refuseNull(row, field);
    }
  }

  /** Passes on a text that is the texts of a list of segments, joined. */
  private void passSegments(long row, ParquetColumns columns) throws IOException {
    String wrong = ParquetSegments.read(columns.list(RecordFields.TEXT), segments);
    String notUtf8 = segments.notUtf8();
    if (wrong == null && notUtf8 == null) {
      passText(row, columns, RecordText.of(segments));
      return;
    }
    joined.clear();
    columns.append(RecordFields.TEXT, joined);
    String column = "column " + fields.text().paths().get(0).source() + ": ";
    if (wrong != null) {
      sink.refuse(joinedAsRecord(row), Reason.INVALID_SEGMENTS, column + wrong);
    } else {
      sink.refuseNotUtf8(joinedAsRecord(row), column + notUtf8);
    }
  }

  /** Passes on a text that is the strings of a list, joined. */
  private void passStrings(long row, ParquetColumns columns) throws IOException {
    int nullElement = joinStrings(columns.list(RecordFields.TEXT));
    if (nullElement == NO_ELEMENT) {
      passText(row, columns, RecordText.of(joined));
    } else {
      String name = fields.text().paths().get(0).source();
      String detail =
          "column %s is a list, and its element %s is null, not a string"
              .formatted(name, nullElement);
      sink.refuse(joinedAsRecord(row), Reason.TEXT_NOT_STRING, detail);
    }
  }

  /**
   * Sets {@link #joined} to the strings of a list, joined with line feeds.
   *
   * @return the index of the first element that is null, before which the text then ends; {@link
   *     #NO_ELEMENT} if there is none
   */
  private int joinStrings(ParquetList list) {
    joined.clear();
    for (int i = 0; i < list.size(); i++) {
      if (i > 0) {
        joined.append((byte) '\n');
      }
      byte[] string = list.string(i);
      if (string == null) {
        return i;
      }
      joined.append(string);
    }
    return NO_ELEMENT;
  }

  /** The record of a row for a dead letter: the text that was joined so far. */
  private RawRecord joinedAsRecord(long row) {
    return new RawRecord(row, joined.bytes(), 0, joined.length());
  }

  /** Reports one dead letter for a row in which a field of the text, numbered from 0, is null. */
  private void refuseNull(long row, int field) throws IOException {
    String detail = "column " + fields.text().paths().get(field).source() + " is null";
    sink.refuse(new RawRecord(row, new byte[0], 0, 0), Reason.MISSING_TEXT, detail);
  }
}
