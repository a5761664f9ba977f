package org.merganser.corpus.read;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.DeadLetter;
import org.merganser.corpus.DocumentSeparator;
import org.merganser.corpus.decode.DamagedStreamException;
import org.merganser.corpus.field.ByteSearch;

/**
 * Finds where a record of a window ends, and continues where it stopped when the window had no more
 * bytes.
 */
abstract class RecordEnd {
  final ByteWindow window;

  /** The end is not before this place. */
  long searched;

  private long content;
  private long next;
  private boolean terminated;
  private boolean found;

  RecordEnd(ByteWindow window) {
    this.window = window;
  }

  final void begin(long start) {
    searched = start;
    found = false;
    begun(start);
  }

  void begun(long start) {}

  /**
   * Whether the end is in the window; if not, {@link ByteWindow#more} is needed. At the end of the
   * stream it always is.
   */
  final boolean find() {
    found = found || search();
    return found;
  }

  /** Continues after {@link #searched}; not called again after it found the end. */
  abstract boolean search();

  /** If not found: the content ends here or later. */
  long floor() {
    return searched;
  }

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

  /** Where what follows the record and its terminator begins. */
  final long next() {
    return next;
  }

  /** Whether something marked the end; if not, it was the end of the stream, or damage. */
  final boolean terminated() {
    return terminated;
  }

  @Nullable DamagedStreamException broken() {
    return terminated ? null : window.damage();
  }

  /** The place of {@code newline}, or of a CR directly before it at {@code from} or later. */
  final long beforeCr(long newline, long from) {
    boolean cr = newline > from && window.bytes()[window.index(newline) - 1] == '\r';
    return cr ? newline - 1 : newline;
  }

  /** A line: ends before LF or CRLF. */
  static final class Line extends RecordEnd {
    Line(ByteWindow window) {
      super(window);
    }

    @Override
    boolean search() {
      int from = window.index(searched);
      int newline =
          ByteSearch.indexOf(window.bytes(), from, window.index(window.limit()), (byte) '\n');
      if (newline >= 0) {
        long place = searched + (newline - from);
        return found(beforeCr(place, searched), place + 1, true);
      }
      if (window.ended()) {
        return found(window.limit(), window.limit(), false);
      }
      // A CR that is the last byte so far may belong to the terminator.
      searched = Math.max(searched, window.limit() - 1);
      return false;
    }
  }

  /**
   * A record of CSV by RFC 4180: ends before the first LF or CRLF that is not within quotes. An
   * invalid record (text after a closing quote, or an unclosed quote) ends with its first line, so
   * that one stray quote does not spoil the rest of the file.
   *
   * <p>Each byte is scanned at most twice. A scan for a closing quote passes the first line, and
   * later records begin in the text that it scanned. At every line end that it passed it was within
   * quotes, so a later scan that is within quotes at one of these line ends would repeat it, and
   * continues where it stopped.
   */
  static final class Csv extends RecordEnd {
    private static final int FIELD = 0;
    private static final int PLAIN = 1;
    private static final int QUOTED = 2;
    private static final int QUOTE = 3;
    private static final int QUOTE_CR = 4;
    private static final int WRONG = 5;
    private static final int MARK = 3;

    private final byte separator;
    private final long limit;
    private long start;
    private int state;

    /** Where the first line ends and the next begins, if that is within quotes; else -1. */
    private long line;

    private long nextLine;

    /** Where the longest scan that found no end stopped, and its state there. */
    private long scannedTo;

    private int scannedState;

    Csv(ByteWindow window, char separator, long limit) {
      super(window);
      this.separator = (byte) separator;
      this.limit = limit;
    }

    @Override
    void begun(long begin) {
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
      int first = window.index(0);
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
          if (place < scannedTo) {
            i = window.index(scannedTo) - 1;
            state = scannedState;
          }
        } else {
          state = after(b);
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

    private boolean foundLine(long to) {
      scannedTo = to;
      scannedState = state;
      return found(line, nextLine, true);
    }

    private int after(byte b) {
      return switch (state) {
        case FIELD -> b == '"' ? QUOTED : b == separator ? FIELD : PLAIN;
        case PLAIN -> b == separator ? FIELD : PLAIN;
        case QUOTED -> b == '"' ? QUOTE : QUOTED;
        case QUOTE -> b == '"' ? QUOTED : b == separator ? FIELD : b == '\r' ? QUOTE_CR : WRONG;
        default -> WRONG; // CR, or anything else, after a closing quote
      };
    }

    /** Skips a byte order mark; false if the window has too few bytes to decide. */
    private boolean skipMark() {
      if (window.limit() < MARK && !window.ended()) {
        return false;
      }
      searched =
          ByteSearch.startsWithMark(window.bytes(), window.index(0), window.index(window.limit()))
              ? MARK
              : 0;
      return true;
    }
  }

  /** A paragraph: ends with its last line before one of only spaces, tabs and CR. */
  static final class Paragraph extends RecordEnd {
    /** A newline that may be the last one, or -1; {@code searched} is then after it. */
    private long newline = -1;

    private long lineEnd;

    Paragraph(ByteWindow window) {
      super(window);
    }

    @Override
    boolean search() {
      while (true) {
        if (newline < 0) {
          int from = window.index(searched);
          int at =
              ByteSearch.indexOf(window.bytes(), from, window.index(window.limit()), (byte) '\n');
          if (at < 0) {
            if (window.ended()) {
              return found(window.limit(), window.limit(), false);
            }
            searched = Math.max(searched, window.limit() - 1);
            return false;
          }
          newline = searched + (at - from);
          lineEnd = beforeCr(newline, searched);
          searched = newline + 1;
        }
        byte[] bytes = window.bytes();
        while (searched < window.limit() && isBlank(bytes[window.index(searched)])) {
          searched++;
        }
        if (searched == window.limit()) {
          if (!window.ended()) {
            return false;
          }
          newline = -1;
          return found(lineEnd, window.limit(), window.damage() == null);
        }
        newline = -1;
        if (bytes[window.index(searched)] == '\n') {
          return found(lineEnd, searched + 1, true);
        }
      }
    }

    @Override
    long floor() {
      return newline < 0 ? searched : lineEnd;
    }

    /**
     * The beginning of the first nonblank line; a blank line above the record limit counts as
     * nonblank.
     */
    @Override
    long nextRecord(long lineStart, long limit) throws IOException {
      long line = lineStart;
      long place = lineStart;
      while (true) {
        if (place == window.limit()) {
          window.release(line);
          if (!window.more()) {
            return place;
          }
        }
        byte b = window.bytes()[window.index(place)];
        if (b == '\n') {
          line = place + 1;
        } else if (!isBlank(b) || place - line > limit) {
          return line;
        }
        place++;
      }
    }

    static boolean isBlank(byte b) {
      return DocumentSeparator.isBlank(b);
    }
  }

  /** Ends at a given place. */
  static final class Fixed extends RecordEnd {
    private final long end;

    Fixed(ByteWindow window, long end) {
      super(window);
      this.end = end;
    }

    @Override
    boolean search() {
      searched = window.limit();
      return searched >= end
          ? found(end, end, true)
          : window.ended() && found(searched, searched, false);
    }

    @Override
    @Nullable DamagedStreamException broken() {
      DamagedStreamException damage = super.broken();
      return terminated() || damage != null
          ? damage
          : new DamagedStreamException(
              DeadLetter.Reason.TRUNCATED,
              "the file ends " + (end - content()) + " bytes before the record does");
    }
  }

  static final class Stream extends RecordEnd {
    Stream(ByteWindow window) {
      super(window);
    }

    @Override
    boolean search() {
      searched = window.limit();
      return window.ended() && found(searched, searched, window.damage() == null);
    }
  }
}
