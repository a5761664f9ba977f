package org.merganser.corpus.read;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.decode.DamagedStreamException;

/**
 * Finds where a record of a window ends. A reader calls {@link #begin} with the place where the
 * record begins, then {@link #find} until it returns true; when it returns false, the window needs
 * more bytes, and the search continues where it stopped. After that, {@link #content} and {@link
 * #next} are valid until the next record begins. Not thread-safe.
 */
abstract class RecordEnd {
  final ByteWindow window;

  /** The search has come to this place: the end is not before it. A subclass advances it. */
  long searched;

  /** Whether the end is in the window; the fields below then describe it. */
  private boolean isKnown;

  private long content;
  private long next;
  private boolean terminated;

  RecordEnd(ByteWindow window) {
    this.window = window;
  }

  /** Begins the search for the end of a record. */
  final void begin(long start) {
    searched = start;
    isKnown = false;
    reset(start);
  }

  /** Resets the state of a subclass; called at the beginning of each record. */
  void reset(long start) {}

  /**
   * Whether the end is in the window; if not, {@link ByteWindow#more} is needed. At the end of the
   * stream it always is.
   */
  final boolean find() {
    isKnown = isKnown || search();
    return isKnown;
  }

  /**
   * Continues from {@link #searched}. A subclass calls {@link #found} with an end that it finds,
   * and this method is not called again for the record.
   *
   * @return whether the end was found
   */
  abstract boolean search();

  /** While the end is not found: the content ends at this place or later. */
  long floor() {
    return searched;
  }

  /**
   * Stores the end that {@link #search} has found; returns true.
   *
   * @param content as {@link #content()}
   * @param next as {@link #next()}
   * @param terminated as {@link #terminated()}
   */
  final boolean found(long content, long next, boolean terminated) {
    this.content = content;
    this.next = next;
    this.terminated = terminated;
    return true;
  }

  /**
   * The beginning of the first record at or after a place that is inside no record, or is the
   * beginning of one; what is passed over belongs to no record.
   *
   * @param limit of a record that is not cut, in bytes
   */
  long nextRecord(long place, long limit) throws IOException {
    return place;
  }

  /** Where the content ends, before any terminator. */
  final long content() {
    return content;
  }

  /** The place after the record and its terminator. */
  final long next() {
    return next;
  }

  /** Whether something marked the end; if not, it was the end of the stream, or damage. */
  final boolean terminated() {
    return terminated;
  }

  /** Why a record without a terminator is incomplete; null if it is complete. */
  @Nullable DamagedStreamException broken() {
    return terminated ? null : window.damage();
  }

  /** The place of {@code newline}, or of a CR directly before it at {@code from} or later. */
  final long beforeCr(long newline, long from) {
    boolean cr = newline > from && window.bytes()[window.index(newline) - 1] == '\r';
    return cr ? newline - 1 : newline;
  }
}
