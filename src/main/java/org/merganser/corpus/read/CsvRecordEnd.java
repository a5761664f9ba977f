package org.merganser.corpus.read;

import org.merganser.corpus.field.ByteOrderMark;

/**
 * The end of a record of CSV by RFC 4180: before the first LF or CRLF that is not within quotes. An
 * invalid record (text after a closing quote, or an unclosed quote) ends with its first line, so
 * that one stray quote does not spoil the rest of the file. So does a record of several lines that
 * is longer than a limit.
 *
 * <p>Each byte is scanned at most twice. If the scan of an invalid record passes its first line,
 * the next records begin in the text that it scanned. It was within quotes at each line end that it
 * passed. So a later scan that is within quotes at one of these line ends would only repeat it, and
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

  /** A record of several lines that does not end within as many bytes has a stray quote. */
  private final long limit;

  /** Where the record begins. */
  private long start;

  /** One of the states above: that after the bytes before {@link #searched}. */
  private int state;

  /** Where the first line of the record ends, if that is within quotes; else -1. */
  private long firstLineEnd;

  /** Where the second line begins, if {@link #firstLineEnd} is not -1. */
  private long secondLine;

  /** Where the last scan stopped that found its record to be invalid. */
  private long scannedTo;

  /** The state of that scan there. */
  private int scannedState;

  /**
   * @param separator of fields, an ASCII character
   * @param limit of a record of several lines, in bytes
   */
  CsvRecordEnd(ByteWindow window, char separator, long limit) {
    super(window);
    this.separator = (byte) separator;
    this.limit = limit;
  }

  @Override
  void reset(long begin) {
    start = begin;
    state = FIELD;
    firstLineEnd = -1;
  }

  @Override
  boolean search() {
    if (searched == 0 && !skipMark()) {
      return false;
    }
    byte[] bytes = window.bytes();
    int end = window.index(window.limit());
    long base = window.place(0); // base + i is the place of index i
    for (int i = window.index(searched); i < end; i++) {
      byte b = bytes[i];
      if (b == '\n') {
        long place = base + i;
        if (state != QUOTED) {
          return found(beforeCr(place, start), place + 1, true);
        }
        if (firstLineEnd < 0) {
          firstLineEnd = beforeCr(place, start);
          secondLine = place + 1;
        }
        if (place < scannedTo) { // the same scan as before, up to there
          i = window.index(scannedTo) - 1; // continues there
          state = scannedState;
        }
      } else {
        state = stateAfter(b);
      }
      if (firstLineEnd >= 0 && (state == WRONG || base + i - start >= limit)) {
        return foundFirstLine(base + i + 1);
      }
    }
    searched = window.limit();
    if (firstLineEnd >= 0 && window.ended() && window.damage() == null && state == QUOTED) {
      return foundFirstLine(searched);
    }
    return window.ended() && found(searched, searched, false);
  }

  /** Ends an invalid record with its first line; the scan has come to {@code to}. */
  private boolean foundFirstLine(long to) {
    scannedTo = to;
    scannedState = state;
    return found(firstLineEnd, secondLine, true);
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

  /** Skips a byte order mark of the file; false if the window has too few bytes to decide. */
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
