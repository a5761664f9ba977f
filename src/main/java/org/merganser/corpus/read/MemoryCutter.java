package org.merganser.corpus.read;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.DeadLetter.Reason;
import org.merganser.corpus.field.FieldValues;
import org.merganser.corpus.field.RecordFields;

/**
 * Passes on a document that is in memory, in parts where it is above the limit. Unlike {@link
 * PartCutter} it knows all parts before it passes on the first one, so that the whole record is a
 * document or a dead letter.
 */
record MemoryCutter(CutGrid grid, RecordSink sink, WholeDocumentMemory memory) {
  /**
   * Passes on the text of a record with its id, group and kept fields.
   *
   * @param typed as {@link RecordFields#kept}; else an empty id or group counts as missing
   */
  void document(
      RecordFields fields, FieldValues values, boolean typed, byte[] text, int from, int to)
      throws IOException {
    String wrong = fields.kept(values, typed, sink.kept());
    String id = fields.id(values);
    String group = fields.group(values);
    String illFormed = fields.illFormed();
    if (illFormed != null) {
      sink.dead(Reason.INVALID_UTF8, illFormed);
      return;
    }
    if (wrong != null) {
      sink.dead(Reason.KEPT_FIELD, wrong);
      return;
    }
    document(
        id == null || !typed && id.isEmpty() ? sink.id(sink.offset()) : id,
        group == null || !typed && group.isEmpty() ? null : group,
        text,
        from,
        to);
  }

  /** Passes on the text of the record that the sink has, {@code text[from, to)}. */
  private void document(String id, @Nullable String group, byte[] text, int from, int to)
      throws IOException {
    if (!sink.accepts(text, from, to)) {
      return;
    }
    if (to - from <= grid.limit()) {
      sink.document(id, group, text, from, to);
      return;
    }
    long offset = sink.offset();
    List<Part> parts = parts(text, from, to);
    for (Part part : parts) {
      if (part.to - part.from > grid.wholeLimit()) {
        String detail =
            "the text has %s bytes and no place to cut it; the limit is %s%s"
                .formatted(to - from, grid.wholeLimit(), RangeReader.WHOLE_LIMIT);
        sink.dead(Reason.TOO_LARGE, detail);
        return;
      }
    }
    try {
      for (Part part : parts) {
        if (part.to - part.from > grid.limit()) {
          memory.hold(part.to - part.from, sink.id(offset));
        }
        boolean last = part.to == to;
        sink.document(id, group, offset, part.number, last, text, part.from, part.to);
      }
    } finally {
      memory.release();
    }
  }

  private record Part(int number, int from, int to) {}

  private List<Part> parts(byte[] text, int from, int to) {
    List<Part> parts = new ArrayList<>();
    int number = 0;
    int start = from;
    int cell = (int) grid.cell();
    for (int k = 1; (long) k * cell < to - from; k++) {
      int cut = grid.cut(text, from + (k - 1) * cell, from + k * cell);
      if (cut > from) {
        parts.add(new Part(number, start, cut));
        number = k;
        start = cut;
      }
    }
    parts.add(new Part(number, start, to));
    return parts;
  }
}
