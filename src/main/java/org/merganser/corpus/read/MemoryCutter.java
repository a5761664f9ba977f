package org.merganser.corpus.read;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.DatasetSplit;
import org.merganser.corpus.DeadLetter.Reason;
import org.merganser.corpus.Segments;
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
   * @param segments of the text; null if it has none
   * @param text the array that has the text, {@code [from, to)}
   */
  void passDocument(
      RawRecord raw,
      RecordFields fields,
      FieldValues values,
      @Nullable Segments segments,
      byte[] text,
      int from,
      int to)
      throws IOException {
    @Nullable Object[] kept = fields.newKept();
    String wrong = fields.readKept(values, kept);
    String id = fields.id(values);
    String group = fields.group(values);
    String illFormed = fields.takeIllFormed();
    if (illFormed != null) {
      sink.refuseNotUtf8(raw, illFormed);
      return;
    }
    if (wrong != null) {
      sink.refuse(raw, Reason.KEPT_FIELD, wrong);
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
    passText(new TextRecord(raw, id, group, split, kept, segments, text, from, to));
  }

  /** Passes on a text, in parts if it is larger than the limit. */
  private void passText(TextRecord record) throws IOException {
    if (record.to() - record.from() <= grid.limit()) {
      sink.passDocument(record);
      return;
    }
    List<Part> parts = cut(record.text(), record.from(), record.to());
    long largest = parts.stream().mapToLong(part -> part.to() - part.from()).max().orElse(0);
    if (largest > grid.wholeLimit()) {
      String detail =
          "the text has %s bytes and no place to cut it; the limit is %s%s"
              .formatted(record.to() - record.from(), grid.wholeLimit(), CutGrid.WHOLE_LIMIT_KEY);
      sink.refuse(record.raw(), Reason.TOO_LARGE, detail);
      return;
    }
    try {
      if (largest > grid.limit()) {
        memory.hold(largest, sink.id(record.raw().offset()));
      }
      sink.passDocument(record, parts);
    } finally {
      memory.release();
    }
  }

  /**
   * The parts of a text by the cuts in the cells of the grid; one that cannot be cut is one part.
   */
  private List<Part> cut(byte[] text, int from, int to) {
    List<Part> parts = new ArrayList<>();
    int number = 0; // of the open part
    int start = from; // where it begins
    int cell = (int) grid.cell();
    for (int k = 1; (long) k * cell < to - from; k++) { // the cells after which the text continues
      int cut = grid.cut(text, from + (k - 1) * cell, from + k * cell);
      if (cut > from) {
        parts.add(new Part(number, start, cut, /* last= */ false));
        number = k;
        start = cut;
      }
    }
    parts.add(new Part(number, start, to, /* last= */ true));
    return parts;
  }
}
