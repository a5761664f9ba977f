package org.merganser.corpus.read;

import org.merganser.corpus.field.ByteOrderMark;

/**
 * The end of a record of CSV by RFC 4180: before the first LF or CRLF that is not within quotes. An
 * invalid record (text after a closing quote, or an unclosed quote) ends with its first line, so
 * that one stray quote does not spoil the rest of the file. So does a record of several lines that
 * is longer than a limit.
 *
 * <p>Each byte is scanned at most twice. A scan for a closing quote passes the first line, and
 * later records begin in the text that it scanned. At every line end that it passed it was within
 * quotes, so a later scan that is within quotes at one of these line ends would repeat it, and
 * continues where it stopped.
 */
final class CsvRecordEnd extends RecordEnd {
  /** State: at the beginning of a field. */
  private static final int FIELD = 0;

  /** State: in a field without quotes. */
  private static final int PLAIN = 1;

  /** State: within quotes. */
  private static final int QUOTED = 2;

  /** State: after a quote within quotes, which ends them or is the first of two. */
  private static final int QUOTE = 3;

  /** State: after such a quote and a CR. */
  private static final int QUOTE_CR = 4;

  /** State: after anything else that follows a closing quote; the record is invalid. */
  private static final int WRONG = 5;

  private final byte separator;

  /** A record of several lines that is not at its end after as many bytes has a stray quote. */
  private final long limit;

  /** Where the record begins. */
  private long start;

  /** One of the states above: that after the bytes before {@link #searched}. */
  private int state;

  /** Where the first line ends, if that is within quotes; else -1. */
  private long line;

  /** Where the second line begins, if {@link #line} is not -1. */
  private long nextLine;

  /** Where the last scan stopped that found its record to be invalid. */
  private long scannedTo;

  /** The state of that scan there. */
  private int scannedState;

  CsvRecordEnd(ByteWindow window, char separator, long limit) {
    super(window);
    this.separator = (byte) separator;
    this.limit = limit;
  }

  @Override
  void reset(long begin) {
    start = begin;
    state = FIELD;
    line = -1;
  }

  @Override
  boolean search() {
    if (searched == 0 && !skipMark()) {
      return false;
    }
    byte[] bytes = window.bytes();
    int end = window.index(window.limit());
    int first = window.index(0); // may be negative: i - first is a place
    for (int i = window.index(searched); i < end; i++) {
      byte b = bytes[i];
      if (b == '\n') {
        long place = (long) i - first;
        if (state != QUOTED) {
          return found(beforeCr(place, start), place + 1, true);
        }
        if (line < 0) {
          nextLine = place + 1;
          line = beforeCr(place, start);
        }
        if (place < scannedTo) { // the same scan as before, up to there
          i = window.index(scannedTo) - 1; // continues there
          state = scannedState;
        }
      } else {
        state = stateAfter(b);
      }
      if (line >= 0 && (state == WRONG || i - first - start >= limit)) {
        return foundLine((long) i + 1 - first);
      }
    }
    searched = window.limit();
    if (line >= 0 && window.ended() && window.damage() == null && state == QUOTED) {
      return foundLine(searched);
    }
    return window.ended() && found(searched, searched, false);
  }

  /** Ends an invalid record with its first line; the scan has come to {@code to}. */
  private boolean foundLine(long to) {
    scannedTo = to;
    scannedState = state;
    return found(line, nextLine, true);
  }

  /** The state after a byte that is no newline. */
  private int stateAfter(byte b) {
    return switch (state) {
      case FIELD -> b == '"' ? QUOTED : b == separator ? FIELD : PLAIN;
      case PLAIN -> b == separator ? FIELD : PLAIN;
      case QUOTED -> b == '"' ? QUOTE : QUOTED;
      case QUOTE -> b == '"' ? QUOTED : b == separator ? FIELD : b == '\r' ? QUOTE_CR : WRONG;
      default -> WRONG; // QUOTE_CR before anything but LF; WRONG lasts to the end of the record
    };
  }

  /** Skips a byte order mark; false if the window has too few bytes to decide. */
  private boolean skipMark() {
    if (window.limit() < ByteOrderMark.LENGTH && !window.ended()) {
      return false;
    }
    int from = window.index(0);
    boolean mark = ByteOrderMark.begins(window.bytes(), from, window.index(window.limit()));
    searched = mark ? ByteOrderMark.LENGTH : 0;
    return true;
  }
}
