package org.merganser.corpus.read;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.Compression;
import org.merganser.corpus.FileRange;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.decode.DamagedStreamException;
import org.merganser.corpus.read.PartCutter.Extent;

/** Reads a text file that is one document: in one piece, or in parts if it is large. */
record TextFileReader(CutGrid grid, ByteWindow window, RecordSink sink, PartCutter cutter) {
  /** A text has no field that names a group; {@link RecordSink} knows that of its input. */
  private static final @Nullable String NO_GROUP = null;

  /**
   * The place at which the window must be open to read a range: the beginning of the cell of its
   * start, since the cut of that cell may be the first one that begins a part.
   */
  long placeBefore(FileRange range) {
    return range.start() - range.start() % grid.cell();
  }

  /**
   * Reads the parts of the text that begin in a range.
   *
   * @param to the end of the range; {@link Long#MAX_VALUE} at the end of the file
   * @return the bytes of the parts
   */
  long read(FileRange range, long to) throws IOException {
    if (range.start() > 0 && isSurelyOnePart(range.file())) {
      return 0;
    }
    RecordEnd end = new StreamEnd(window);
    end.begin(placeBefore(range));
    if (range.start() == 0 && !isSurelyLarge(range.file()) && fitsWindow(end)) {
      return readWhole();
    }
    LargeDocument document = new LargeDocument(sink.file(), NO_GROUP, 0);
    Extent extent = cutter.read(document, range.start(), to, end);
    return extent.stop() - extent.first();
  }

  /** Whether no part begins after the start of the file, by what is known before it is read. */
  private boolean isSurelyOnePart(InputFile file) {
    return file.compression() == Compression.NONE
        && (file.size() <= grid.limit() || !grid.allowsCuts());
  }

  /** Whether the text is above the limit, by what is known before it is read. */
  private boolean isSurelyLarge(InputFile file) {
    return file.compression() == Compression.NONE && file.size() > grid.limit();
  }

  /** Reads on until the window has the complete text; false if it is above the limit. */
  private boolean fitsWindow(RecordEnd end) throws IOException {
    while (!end.find() && window.limit() <= grid.limit()) {
      window.more();
    }
    return window.limit() <= grid.limit();
  }

  /** Passes on a text that is completely in the window; returns its bytes. */
  private long readWhole() throws IOException {
    RawRecord whole = new RawRecord(0, window.bytes(), 0, window.index(window.limit()));
    DamagedStreamException damage = window.damage();
    if (damage != null) {
      sink.refuse(whole, damage.reason(), damage.detail());
    } else if (isBlank(whole)) {
      sink.countBlank();
    } else {
      sink.passDocument(TextRecord.of(whole, sink.file(), NO_GROUP));
    }
    return whole.length();
  }

  /** Whether a text has nothing but line ends. */
  private static boolean isBlank(RawRecord text) {
    int at = text.from();
    while (at < text.to() && (text.bytes()[at] == '\n' || text.bytes()[at] == '\r')) {
      at++;
    }
    return at == text.to();
  }
}
