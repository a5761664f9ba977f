package org.merganser.corpus.read;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;
import org.merganser.checksum.Sha256;
import org.merganser.corpus.DeadLetter;
import org.merganser.corpus.DeadLetter.Reason;

/**
 * Makes one dead letter of a record in a window, or of a part of one, that need not fit into
 * memory: its bytes are digested and released as they are read.
 */
final class UnheldRecord {
  private final ByteWindow window;
  private final RecordSink sink;
  private final MessageDigest digest;

  /** Where the record begins. */
  private long start;

  /** How many bytes of the record were digested and released from the window. */
  private long released;

  /** The first of the released bytes, for the dead letter. */
  private final ByteArrayOutputStream head = new ByteArrayOutputStream();

  /**
   * @param digest sums the released bytes; used by one record at a time
   */
  UnheldRecord(ByteWindow window, RecordSink sink, MessageDigest digest) {
    this.window = window;
    this.sink = sink;
    this.digest = digest;
  }

  /** Begins a record, or a part of one, at a place in the window. */
  void begin(long place) {
    start = place;
    released = 0;
    head.reset();
  }

  /** Whether bytes of the record were released, so that it can only become a dead letter. */
  boolean hasReleased() {
    return released > 0;
  }

  /** Digests the record up to a place, and releases these bytes from the window. */
  void release(long until) {
    if (released == 0) {
      digest.reset();
    }
    int from = window.index(start + released);
    int length = (int) (until - start - released);
    digest.update(window.bytes(), from, length);
    head.write(window.bytes(), from, Math.min(length, DeadLetter.RAW_LIMIT - head.size()));
    released += length;
    window.release(until);
  }

  /**
   * Reports one dead letter for the record up to a place in the window.
   *
   * @param part the part of a document; null for a complete record
   */
  void refuse(long until, Reason reason, String detail, DeadLetter.@Nullable Part part)
      throws IOException {
    if (released == 0 && until - start <= DeadLetter.RAW_LIMIT) {
      int from = window.index(start);
      RawRecord raw = new RawRecord(start, window.bytes(), from, window.index(until), part);
      sink.refuse(raw, reason, detail);
      return;
    }
    release(until);
    RefusedBytes refused =
        new RefusedBytes(start, until - start, Sha256.hex(digest), head.toByteArray(), part);
    sink.refuse(refused, reason, detail);
  }

  /**
   * Reads and reports the record from a place to {@code end}, or to the end of the stream if that
   * is before.
   */
  void refuseRecord(long from, long end, Reason reason, String detail) throws IOException {
    begin(from);
    while (window.limit() < end && window.more()) {
      if (window.limit() < end && window.limit() - from - released > DeadLetter.RAW_LIMIT) {
        release(window.limit());
      }
    }
    refuse(Math.min(end, window.limit()), reason, detail, null);
  }

  /** Reads and reports everything from a place to the end of the stream. */
  void refuseRest(long from, Reason reason, String detail) throws IOException {
    refuseRecord(from, Long.MAX_VALUE, reason, detail);
  }
}
