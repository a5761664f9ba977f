package org.merganser.corpus.read;

import java.io.IOException;
import java.util.stream.Collectors;
import org.apache.commons.io.function.IOConsumer;
import org.jspecify.annotations.Nullable;
import org.merganser.binary.ByteBuilder;
import org.merganser.corpus.DeadLetter.Reason;
import org.merganser.corpus.field.ByteOrderMark;
import org.merganser.corpus.field.CsvRecord;
import org.merganser.corpus.field.FieldTemplate;
import org.merganser.corpus.field.RecordFields;
import org.merganser.corpus.kind.FileKind;
import org.merganser.corpus.kind.FileKindDetector;

/**
 * Turns the records of a CSV file into documents; the first one is its header. An empty cell is an
 * empty text, and no id or group.
 */
final class CsvToDocument implements IOConsumer<RawRecord> {
  /** The end of a message on a first line that begins like an object. */
  private static final String JSON_LINES = "; if these are JSON lines, use the format jsonl";

  /** The most characters of the names of columns in a message: a header may have any number. */
  private static final int MOST_CHARACTERS = 1000;

  /** A column without a name; pandas writes its index this way. */
  private static final String UNNAMED = "\"\" (no name, as the index of a pandas table)";

  private final RecordFields fields;
  private final char separator;
  private final RecordSink sink;
  private final MemoryCutter cutter;
  private final CsvRecord csv;

  /** The text of a record. */
  private final ByteBuilder text = new ByteBuilder(1 << 16);

  /** Whether the header was read. */
  private boolean hasHeader;

  /** Whether a record was read after the header. */
  private boolean hasRecords;

  /** The problem of the header, because of which no record can be read; null if there is none. */
  private @Nullable String headerProblem;

  CsvToDocument(RecordFields fields, char separator, RecordSink sink, MemoryCutter cutter) {
    this.fields = fields;
    this.separator = separator;
    this.sink = sink;
    this.cutter = cutter;
    this.csv = new CsvRecord(separator, fields.paths());
  }

  @Override
  public void accept(RawRecord raw) throws IOException {
    boolean mark = raw.offset() == 0 && ByteOrderMark.begins(raw.bytes(), raw.from(), raw.to());
    int start = mark ? raw.from() + ByteOrderMark.LENGTH : raw.from();
    if (start == raw.to()) {
      sink.countBlank();
    } else if (!hasHeader) {
      hasHeader = true;
      readHeader(raw, start);
    } else if (headerProblem != null) {
      sink.refuse(raw, Reason.INVALID_CSV, headerProblem);
    } else {
      passDocument(raw);
    }
  }

  /** Reads the header, which begins at {@code from}, after a byte order mark if there is one. */
  private void readHeader(RawRecord raw, int from) throws IOException {
    FileKind kind = FileKindDetector.of(raw.bytes(), from, raw.to(), sink.file());
    headerProblem = kind == null ? parseHeader(raw, from) : kind.message();
    if (headerProblem != null) {
      sink.refuse(raw, Reason.INVALID_CSV, headerProblem);
    }
  }

  /** Sets the names of the columns; returns the problem of the header, or null. */
  private @Nullable String parseHeader(RawRecord raw, int from) {
    String wrong = csv.readHeader(raw.bytes(), from, raw.to());
    if (wrong == null && csv.names().get(0).startsWith("sep=")) {
      wrong = "the line sep= is for Excel alone; delete it (tail -n +2 FILE)";
    }
    if (wrong == null) {
      return null;
    }
    String json = raw.bytes()[from] == '{' ? JSON_LINES : "";
    return "the file has no header that can be read: " + wrong + json;
  }

  /** The problem of a file that has only a header, which lacks the text; null if there is none. */
  @Nullable String problemWithoutRecords() {
    if (!hasHeader || hasRecords || headerProblem != null) {
      return null;
    }
    text.clear();
    int missing = fields.text().append(csv, RecordFields.TEXT, text); // by the columns alone
    return missing == FieldTemplate.WHOLE ? null : withoutColumn(missing);
  }

  /** Passes on the document of a record after the header. */
  private void passDocument(RawRecord raw) throws IOException {
    hasRecords = true;
    String wrong = csv.read(raw.bytes(), raw.from(), raw.to());
    if (wrong != null) {
      sink.refuse(raw, Reason.INVALID_CSV, wrong);
      return;
    }
    text.clear();
    int missing = fields.text().append(csv, RecordFields.TEXT, text);
    if (missing != FieldTemplate.WHOLE) {
      sink.refuse(raw, Reason.MISSING_TEXT, withoutColumn(missing));
      return;
    }
    cutter.passDocument(raw, fields, csv, RecordText.of(text));
  }

  /**
   * Says that the file has no column for a field of the text, and which columns it has.
   *
   * @param field of the text, from 0
   */
  private String withoutColumn(int field) {
    long unnamedCount = csv.names().stream().filter(String::isEmpty).count();
    String names = listedNames(unnamedCount);
    String shown =
        names.length() > MOST_CHARACTERS ? names.substring(0, MOST_CHARACTERS) + "…" : names;
    String detail =
        "there is no column %s (%s); the first row names the columns %s%s"
            .formatted(
                fields.text().paths().get(field).source(),
                fields.textKey(),
                shown,
                unnamedCount < 2 ? "" : ", and " + unnamedCount + " others have no name");
    if (names.startsWith("{")) {
      return detail + JSON_LINES;
    }
    if (separator == ',' && names.contains(";")) {
      return detail + " if commas separate them; if semicolons do, put the comma into quotes";
    }
    return csv.names().size() == 1 ? detail + " if " + separators() + " separate them" : detail;
  }

  /** What separates the columns, for a message. */
  private String separators() {
    return switch (separator) {
      case ',' -> "commas";
      case ';' -> "semicolons";
      case '|' -> "vertical bars";
      default -> "tabs"; // InputFormat has no other separator
    };
  }

  /** The names of all columns; if several have no name, without these. */
  private String listedNames(long unnamedCount) {
    return csv.names().stream()
        .filter(name -> unnamedCount < 2 || !name.isEmpty())
        .map(name -> name.isEmpty() ? UNNAMED : name)
        .collect(Collectors.joining(", "));
  }
}
