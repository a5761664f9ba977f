package org.merganser.corpus.read;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.DeadLetter.Reason;

/**
 * Hands on a document that is in memory, in parts where it is above the limit. Unlike {@link
 * PartCutter} it knows all parts before the first one leaves, so that the record as a whole is a
 * document or a dead letter.
 */
record MemoryCutter(CutGrid grid, RecordSink sink, WholeDocumentMemory memory) {
  /** Hands on {@code text[from, to)} of the record {@code raw[rawFrom, rawTo)}. */
  void document(
      String id,
      @Nullable String group,
      long offset,
      byte[] text,
      int from,
      int to,
      byte[] raw,
      int rawFrom,
      int rawTo)
      throws IOException {
    if (!sink.accepts(text, from, to, offset, raw, rawFrom, rawTo)) {
      return;
    }
    if (to - from <= grid.limit()) {
      sink.document(id, group, offset, text, from, to);
      return;
    }
    List<Part> parts = parts(text, from, to);
    for (Part part : parts) {
      if (part.to - part.from > grid.wholeLimit()) {
        String detail =
            "the text has %s bytes and no place to cut it; the limit is %s%s"
                .formatted(to - from, grid.wholeLimit(), RangeReader.WHOLE_LIMIT);
        sink.dead(offset, Reason.TOO_LARGE, detail, raw, rawFrom, rawTo);
        return;
      }
    }
    try {
      for (Part part : parts) {
        if (part.to - part.from > grid.limit()) {
          memory.hold(part.to - part.from, RecordSink.id(sink.file(), offset));
        }
        boolean last = part.to == to;
        sink.document(id, group, offset, part.number, last, offset, text, part.from, part.to);
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
