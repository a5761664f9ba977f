package org.merganser.corpus.read;

import java.io.IOException;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.DeadLetter;
import org.merganser.corpus.DeadLetter.Reason;
import org.merganser.corpus.decode.DamagedStreamException;
import org.merganser.corpus.read.RecordSink.Part;

/**
 * Reads a document above the limit from a window, in the parts of {@link CutGrid}, and never holds
 * more than a part and a cell. A part that cannot be cut may exceed the limit, up to a limit of its
 * own. A part above that, or one that is not UTF-8, is a dead letter; the other parts are not
 * affected. If the last of several parts is a dead letter, an empty part takes its place, so that
 * readers of the parts find the end of the document.
 */
final class PartCutter {
  /**
   * What was read.
   *
   * @param first where the first part begins
   * @param stop the place after the last part
   */
  record Extent(long first, long stop) {}

  /** In place of the place of a part or of a cut. */
  private static final long NONE = -1;

  private final CutGrid grid;
  private final ByteWindow window;
  private final RecordSink sink;
  private final WholeDocumentMemory memory;

  /** Follows the limit in the detail of a part that is too large. */
  private final String advice;

  /** Where the open part begins; {@link #NONE} if none is open. */
  private long start;

  /** The number of the open part. */
  private int number;

  /** Makes a dead letter of the open part. */
  private final UnheldRecord letter;

  /**
   * @param digest sums the bytes of dead letters that are not completely in the window
   * @param advice follows the limit in the detail of a part that is too large
   */
  PartCutter(
      CutGrid grid,
      ByteWindow window,
      RecordSink sink,
      MessageDigest digest,
      WholeDocumentMemory memory,
      String advice) {
    this.grid = grid;
    this.window = window;
    this.sink = sink;
    this.letter = new UnheldRecord(window, sink, digest);
    this.memory = memory;
    this.advice = advice;
  }

  /** The limit of a document that is not cut, in bytes. */
  long limit() {
    return grid.limit();
  }

  /** Reads all parts of a document; {@code end} was begun at its start. */
  void readWhole(LargeDocument document, RecordEnd end) throws IOException {
    read(document, document.begin(), Long.MAX_VALUE, end);
  }

  /**
   * Reads the parts of a document that begin in {@code [from, to)}.
   *
   * @param end of the document; begun at its start or later
   * @return the parts that were read; {@code end} is found if they reach it
   */
  Extent read(LargeDocument document, long from, long to, RecordEnd end) throws IOException {
    try {
      return readParts(document, from, to, end);
    } finally {
      memory.release();
    }
  }

  private Extent readParts(LargeDocument document, long from, long to, RecordEnd end)
      throws IOException {
    long cellNumber = (from - document.begin()) / grid.cell() + 1;
    begin(from == document.begin() ? from : NONE, 0); // else the first cut begins the first part
    long first = start;
    while (true) {
      long low = document.begin() + (cellNumber - 1) * grid.cell();
      if (start == NONE && low >= to) {
        return new Extent(low, low);
      }
      long high = low + grid.cell();
      if (endsBy(high, end)) {
        if (start != NONE) {
          finishLast(document, end);
        }
        return new Extent(first == NONE ? end.next() : first, end.next());
      }
      long cut = cutBetween(low, high);
      if (cut >= from && cut > document.begin()) {
        if (start != NONE) {
          finishBefore(cut, document);
        }
        if (first == NONE) {
          first = cut;
        }
        if (cut >= to) {
          return new Extent(first, cut);
        }
        begin(cut, Math.toIntExact(cellNumber));
      }
      releaseBefore(high, document);
      cellNumber++;
    }
  }

  /**
   * Whether the document ends at {@code high} or before; else the window has its bytes up to there.
   */
  private boolean endsBy(long high, RecordEnd end) throws IOException {
    boolean found = end.find();
    while (!found && end.floor() <= high) {
      window.more();
      found = end.find();
    }
    return found && end.content() <= high;
  }

  /** The place of the cut in a cell; {@link #NONE} if it has none. */
  private long cutBetween(long low, long high) {
    int from = window.index(low);
    int cut = grid.cut(window.bytes(), from, window.index(high));
    return cut < 0 ? NONE : low + (cut - from);
  }

  /**
   * Releases what is not needed after a cell that ends at {@code high}: all but the open part. A
   * part above the limit of those that cannot be cut is released as well, as a dead letter.
   */
  private void releaseBefore(long high, LargeDocument document) throws IOException {
    if (start == NONE) {
      window.release(high);
    } else if (letter.hasReleased() || high - start > grid.wholeLimit()) {
      memory.release();
      letter.release(high);
    } else {
      if (high - start > grid.limit()) {
        memory.hold(high - start, sink.id(document.begin()));
      }
      window.release(start);
    }
  }

  /**
   * Begins a part.
   *
   * @param place where it begins; {@link #NONE} to begin none
   * @param part its number
   */
  private void begin(long place, int part) {
    start = place;
    number = part;
    letter.begin(place);
  }

  /** Ends the open part at a cut, after which the document continues. */
  private void finishBefore(long cut, LargeDocument document) throws IOException {
    DamagedStreamException notBroken = null;
    passOrRefuse(document, cut, /* last= */ false, notBroken);
    memory.release();
  }

  /**
   * Ends the open part, which is the last one.
   *
   * @param end of the document
   */
  private void finishLast(LargeDocument document, RecordEnd end) throws IOException {
    boolean taken = passOrRefuse(document, end.content(), /* last= */ true, end.broken());
    if (!taken && number > 0) {
      sink.passEmptyLastPart(document, number);
    }
    memory.release();
  }

  /**
   * Passes the open part on, or reports why it is a dead letter.
   *
   * @param until where it ends
   * @param last whether the document ends with it
   * @param broken why the document is incomplete; null if it is not
   * @return whether the part was taken
   */
  private boolean passOrRefuse(
      LargeDocument document, long until, boolean last, @Nullable DamagedStreamException broken)
      throws IOException {
    long length = until - start;
    boolean isWhole = start == document.begin() && last;
    DeadLetter.Part part = isWhole ? null : new DeadLetter.Part(document.begin(), number);
    if (broken != null) {
      letter.refuse(until, broken.reason(), broken.detail(), part);
      return false;
    }
    if (length > grid.wholeLimit()) {
      String what =
          start == document.begin() ? "the document" : "part " + number + " of the document";
      String detail =
          what + " has " + length + " bytes; the limit is " + grid.wholeLimit() + advice;
      letter.refuse(until, Reason.TOO_LARGE, detail, part);
      return false;
    }
    if (length > grid.limit()) {
      memory.hold(length, sink.id(document.begin()));
    }
    RawRecord raw =
        new RawRecord(start, window.bytes(), window.index(start), window.index(until), part);
    TextRecord text = TextRecord.of(raw, document.id(), document.group());
    return sink.passPart(text, document.begin(), new Part(number, raw.from(), raw.to(), last));
  }
}
