package org.merganser.corpus.read;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.DeadLetter.Reason;
import org.merganser.corpus.FileKind;
import org.merganser.corpus.field.ByteSearch;
import org.merganser.corpus.field.CsvRecord;
import org.merganser.corpus.field.FieldTemplate;
import org.merganser.corpus.field.RecordFields;
import org.merganser.text.unicode.ByteBuilder;

/**
 * Makes documents of the records of a CSV file, the first of which is its header. An empty cell is
 * an empty text, and no id or group.
 */
final class CsvReader implements LineReader.Content {
  /** Names of columns in a message, and characters of them: a header may have any number. */
  private static final int MOST_NAMES = 1000;

  private final RecordFields fields;
  private final char separator;
  private final RecordSink sink;
  private final MemoryCutter cutter;
  private final CsvRecord csv;
  private final ByteBuilder text = new ByteBuilder(1 << 16);
  private boolean begun;
  private boolean empty = true;

  /** The problem of the header, with which no record can be read; null: there is none. */
  private @Nullable String headerProblem;

  CsvReader(RecordFields fields, char separator, RecordSink sink, MemoryCutter cutter) {
    this.fields = fields;
    this.separator = separator;
    this.sink = sink;
    this.cutter = cutter;
    this.csv = new CsvRecord(separator, fields.paths());
  }

  @Override
  public void read(long offset, byte[] bytes, int from, int to) throws IOException {
    boolean mark = offset == 0 && ByteSearch.startsWithMark(bytes, from, to);
    int start = mark ? from + 3 : from;
    if (start == to) {
      sink.blank();
    } else if (!begun) {
      begun = true;
      header(bytes, start, to);
    } else if (headerProblem != null) {
      sink.dead(Reason.INVALID_CSV, headerProblem);
    } else {
      record(bytes, from, to);
    }
  }

  private void header(byte[] bytes, int from, int to) throws IOException {
    String kind = FileKind.ofBytes(bytes, from, to);
    String wrong = kind == null ? csv.header(bytes, from, to) : kind;
    if (wrong != null) {
      headerProblem = kind == null ? "the file has no header that can be read: " + wrong : wrong;
      sink.dead(Reason.INVALID_CSV, headerProblem);
    }
  }

  /** What is wrong with a file of a header alone, when it is read; null: nothing. */
  @Nullable String withoutRecords() {
    if (!begun || !empty || headerProblem != null) {
      return null;
    }
    int missing = fields.text().append(csv, RecordFields.TEXT, false, text);
    return missing == FieldTemplate.WHOLE ? null : withoutColumn(missing);
  }

  private void record(byte[] bytes, int from, int to) throws IOException {
    empty = false;
    String wrong = csv.read(bytes, from, to);
    if (wrong != null) {
      sink.dead(Reason.INVALID_CSV, wrong);
      return;
    }
    text.clear();
    int missing = fields.text().append(csv, RecordFields.TEXT, false, text);
    if (missing != FieldTemplate.WHOLE) {
      sink.dead(Reason.MISSING_TEXT, withoutColumn(missing));
      return;
    }
    cutter.document(fields, csv, false, text.bytes(), 0, text.length());
  }

  private String withoutColumn(int field) {
    String names = String.join(", ", csv.names());
    String shown = names.length() > MOST_NAMES ? names.substring(0, MOST_NAMES) + "…" : names;
    String detail =
        "there is no column %s (%s); the first row names the columns %s"
            .formatted(fields.text().paths().get(field).source(), fields.textKey(), shown);
    return csv.names().size() == 1
        ? detail + " if " + (separator == ',' ? "commas" : "tabs") + " separate them"
        : detail;
  }
}
