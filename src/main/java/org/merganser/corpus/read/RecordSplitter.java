package org.merganser.corpus.read;

import java.io.IOException;
import org.apache.commons.io.function.IOConsumer;
import org.merganser.corpus.decode.DamagedStreamException;

/**
 * Splits a stream into records by their ends: lines, paragraphs, documents before a separator,
 * items of a JSON array, records of CSV. A record belongs to the range in which it begins, even if
 * it ends after it.
 *
 * @param cutter reads records above its limit, which are not held in memory
 * @param unheldLimit a larger record in memory needs a reservation in {@code memory}
 * @param content takes each record that is in memory
 */
record RecordSplitter(
    ByteWindow window,
    RecordEnd end,
    RecordSink sink,
    PartCutter cutter,
    WholeDocumentMemory memory,
    long unheldLimit,
    IOConsumer<RawRecord> content) {
  /**
   * Reads the records that begin in {@code [from, to)} from the open window.
   *
   * @param inside a place inside the record before; 0 if {@code from} is 0
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

  /** A place at or after {@code from}, or at the end of the file, that is inside no record. */
  private long afterRecordsBefore(long from, long to, long inside) throws IOException {
    long place = inside;
    while (place < from) {
      place = end.nextRecord(place, cutter.limit());
      if (place >= from || atEnd(place, false)) {
        return place;
      }
      place = skip(place, to);
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

  /** Reads a record like {@link #readOne}; its reservation of memory stays. */
  private long readRecord(long start) throws IOException {
    end.begin(start);
    boolean found = end.find();
    long limit = cutter.limit();
    while (!found && end.floor() - start <= limit) {
      if (end.floor() - start > unheldLimit) {
        memory.holdLine(end.floor() - start, sink.id(start));
      }
      window.more();
      found = end.find();
    }
    boolean large = !found || end.content() - start > limit;
    if (large) {
      cutter.read(sink.id(start), null, start, start, Long.MAX_VALUE, end);
    }
    DamagedStreamException damage = window.damage();
    if (!large && damage != null && !end.terminated()) {
      refuseRest(damage, start);
    } else if (!large) {
      byte[] bytes = window.bytes();
      int from = window.index(start);
      int to = window.index(end.content());
      content.accept(new RawRecord(start, bytes, from, to));
    }
    return end.next();
  }

  /** Makes a dead letter of the text from {@code start} to the damage of the stream. */
  private void refuseRest(DamagedStreamException damage, long start) throws IOException {
    RawRecord rest =
        new RawRecord(start, window.bytes(), window.index(start), window.index(window.limit()));
    sink.dead(rest, damage.reason(), damage.detail());
  }

  /** The place after the record that {@code inside} is in, or one at or after {@code to}. */
  private long skip(long inside, long to) throws IOException {
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

  /** Whether nothing follows; damage not yet reported with a record then becomes a dead letter. */
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
