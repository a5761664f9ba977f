package org.merganser.corpus.read;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.DatasetSplit;
import org.merganser.corpus.DeadLetter.Reason;
import org.merganser.corpus.field.FieldValues;
import org.merganser.corpus.field.RecordFields;
import org.merganser.corpus.read.RecordSink.Part;

/**
 * Passes on a document that is in memory, in parts if it is larger than the limit. Unlike {@link
 * PartCutter} it knows all parts before it passes the first one, so the complete record is a
 * document or a dead letter.
 */
record MemoryCutter(CutGrid grid, RecordSink sink, WholeDocumentMemory memory) {
  /**
   * Passes on a record with its id, group, split and kept fields, or reports why it is a dead
   * letter.
   *
   * @param fields of the record
   * @param values of these fields in the record
   */
  void passDocument(RawRecord raw, RecordFields fields, FieldValues values, RecordText text)
      throws IOException {
    // All values are read before a problem is reported: one that is not UTF-8 comes first.
    @Nullable Object[] kept = fields.newKept();
    String keptProblem = fields.readKept(values, kept);
    String id = fields.id(values);
    String group = fields.group(values);
    String illFormed = fields.takeIllFormed();
    if (illFormed != null) {
      sink.refuseNotUtf8(raw, illFormed);
      return;
    }
    if (keptProblem != null) {
      sink.refuse(raw, Reason.KEPT_FIELD, keptProblem);
      return;
    }
    DatasetSplit split = null;
    if (fields.hasSplit()) {
      String value = fields.split(values);
      split = value == null ? null : DatasetSplit.of(value);
      if (split == null) {
        sink.refuse(raw, Reason.UNKNOWN_SPLIT, fields.unknownSplit(value));
        return;
      }
    }
    if (id == null) {
      id = sink.id(raw.offset());
    }
    passText(new TextRecord(raw, id, group, split, kept, text));
  }

  /** Passes on a text, in parts if it is larger than the limit. */
  private void passText(TextRecord record) throws IOException {
    if (record.text().length() <= grid.limit()) {
      sink.passDocument(record);
      return;
    }
    List<Part> parts = cut(record.text());
    long largest = parts.stream().mapToLong(part -> part.to() - part.from()).max().orElse(0);
    if (largest > grid.wholeLimit()) {
      String detail =
          "the text has %s bytes and no place to cut it; the limit is %s%s"
              .formatted(record.text().length(), grid.wholeLimit(), CutGrid.WHOLE_LIMIT_KEY);
      sink.refuse(record.raw(), Reason.TOO_LARGE, detail);
      return;
    }
    try {
      if (largest > grid.limit()) {
        memory.hold(largest, sink.id(record.raw().offset()));
      }
      sink.passAllParts(record, parts);
    } finally {
      memory.release();
    }
  }

  /**
   * The parts of a text by the cuts in the cells of the grid; one that cannot be cut is one part.
   */
  private List<Part> cut(RecordText text) {
    List<Part> parts = new ArrayList<>();
    int number = 0; // of the open part
    int start = text.from(); // where it begins
    int cell = (int) grid.cell();
    for (int k = 1; (long) k * cell < text.length(); k++) { // cells after which the text continues
      int cellEnd = text.from() + k * cell;
      int cut = grid.cut(text.bytes(), cellEnd - cell, cellEnd);
      if (cut > text.from()) {
        parts.add(new Part(number, start, cut, /* last= */ false));
        number = k;
        start = cut;
      }
    }
    parts.add(new Part(number, start, text.to(), /* last= */ true));
    return parts;
  }
}
