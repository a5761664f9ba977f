package org.merganser.corpus.read;

import java.io.IOException;
import org.apache.commons.io.function.IOConsumer;
import org.merganser.corpus.decode.DamagedStreamException;

/**
 * Splits a stream into records by their ends: lines, paragraphs, documents before a separator,
 * items of a JSON array, records of CSV. A record belongs to the range in which it begins, even if
 * it ends after it.
 *
 * @param window open at the record before a range, or at the start of the range
 * @param end finds the end of each record
 * @param sink of the dead letters of damage
 * @param cutter reads records above its limit, which are not held in memory
 * @param memory holds records above {@code unreservedLimit}
 * @param unreservedLimit the most bytes of a record without a reservation of memory
 * @param content takes each record that is in memory
 */
record RecordSplitter(
    ByteWindow window,
    RecordEnd end,
    RecordSink sink,
    PartCutter cutter,
    WholeDocumentMemory memory,
    long unreservedLimit,
    IOConsumer<RawRecord> content) {
  /**
   * Reads the records that begin in {@code [from, to)} from the window, which is open at {@code
   * inside} or before.
   *
   * @param inside a place inside the record before the range, or the start of one; 0 if {@code
   *     from} is 0
   * @return the bytes from the first record to the first one of the next range
   */
  long read(long from, long to, long inside) throws IOException {
    long place = from == 0 ? 0 : afterRecordsBefore(from, to, inside);
    place = end.nextRecord(place, cutter.limit());
    long first = from == 0 ? 0 : place;
    boolean damageReported = false;
    while (place < to && !atEnd(place, damageReported)) {
      place = readOne(place);
      damageReported = window.damage() != null && !end.terminated();
      window.release(place);
      place = end.nextRecord(place, cutter.limit());
    }
    return place - first;
  }

  /**
   * Passes over the records before a range.
   *
   * @param inside as in {@link #read}
   * @return a place at or after {@code from}, or at the end of the file, that is inside no record
   */
  private long afterRecordsBefore(long from, long to, long inside) throws IOException {
    long place = inside;
    while (place < from) {
      place = end.nextRecord(place, cutter.limit());
      if (place >= from || atEnd(place, false)) {
        return place;
      }
      place = skipRecord(place, to);
    }
    return place;
  }

  /** Reads the record that begins at a place; returns the place after it. */
  private long readOne(long start) throws IOException {
    try {
      return readRecord(start);
    } finally {
      memory.release();
    }
  }

  /** Reads a record. {@link #readOne} releases the memory that this reserves for a large one. */
  private long readRecord(long start) throws IOException {
    end.begin(start);
    if (!findEnd(start) || end.content() - start > cutter.limit()) {
      String noGroup = null;
      cutter.readWhole(new LargeDocument(sink.id(start), noGroup, start), end);
      return end.next();
    }
    DamagedStreamException damage = window.damage();
    if (damage != null && !end.terminated()) {
      refuseRest(damage, start);
    } else {
      int from = window.index(start);
      int to = window.index(end.content());
      content.accept(new RawRecord(start, window.bytes(), from, to));
    }
    return end.next();
  }

  /**
   * Reads on until the window has the end of a record; false if the record is above the limit of
   * the cutter.
   */
  private boolean findEnd(long start) throws IOException {
    boolean found = end.find();
    while (!found && end.floor() - start <= cutter.limit()) {
      if (end.floor() - start > unreservedLimit) {
        memory.holdLine(end.floor() - start, sink.id(start));
      }
      window.more();
      found = end.find();
    }
    return found;
  }

  /** Reports one dead letter for the text from {@code start} to the damage of the stream. */
  private void refuseRest(DamagedStreamException damage, long start) throws IOException {
    RawRecord rest =
        new RawRecord(start, window.bytes(), window.index(start), window.index(window.limit()));
    sink.refuse(rest, damage.reason(), damage.detail());
  }

  /**
   * Passes over the rest of the record that {@code inside} is in.
   *
   * @return the place after it; one at or after {@code to} if it does not end before
   */
  private long skipRecord(long inside, long to) throws IOException {
    end.begin(inside);
    while (!end.find()) {
      if (end.floor() >= to) {
        return end.floor();
      }
      window.release(end.floor());
      window.more();
    }
    window.release(end.next());
    return end.next();
  }

  /**
   * Whether nothing follows a place. Damage that ends the stream there then becomes a dead letter,
   * unless it was reported with the record before.
   */
  private boolean atEnd(long place, boolean damageReported) throws IOException {
    if (place < window.limit() || window.more()) {
      return false;
    }
    DamagedStreamException damage = window.damage();
    if (damage != null && !damageReported) {
      refuseRest(damage, place);
    }
    return true;
  }
}
