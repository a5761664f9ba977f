package org.merganser.corpus.read;

import java.io.IOException;
import java.util.Arrays;
import org.merganser.corpus.DocumentSeparator;
import org.merganser.corpus.FileRange;
import org.merganser.corpus.field.ByteOrderMark;
import org.merganser.corpus.field.ByteSearch;
import org.merganser.store.FileStore;

/**
 * The end of a document of a text with a {@link DocumentSeparator}. A document begins with the
 * first nonblank line after a separator, and ends with the last nonblank line before the next one.
 * Two separators without text between them have no document between them.
 *
 * <p>Up to {@value #MOST_BLANK} blank bytes (of blank lines, or after a separator in its line) are
 * not part of a document. More of them in a row are text, so that neither memory nor the look-back
 * from the beginning of a range depends on their number. Whether a line is a separator depends on
 * that line alone, so ranges agree on it.
 */
final class SeparatedDocumentEnd extends RecordEnd {
  /** The most blank bytes in a row that are not part of a document. */
  static final int MOST_BLANK = 1 << 16;

  /** A result of {@link #separatorAt}: the line is no separator. */
  private static final long NO_SEPARATOR = -1;

  /** A result of {@link #separatorAt}: the window has too few bytes to decide. */
  private static final long UNDECIDED = -2;

  private final byte[] separator;

  /** The place of the newline after the last nonblank line so far; -1 within a nonblank line. */
  private long newline = -1;

  /** Where the text of the document ends with that line: at {@link #newline}, or a CR before it. */
  private long textEnd;

  /** Where the line begins that the search has come to, after {@link #newline}. */
  private long lineStart;

  SeparatedDocumentEnd(ByteWindow window, byte[] separator) {
    super(window);
    this.separator = separator;
  }

  /**
   * A place from which a reader finds the first document that begins in a range. It is the
   * beginning of the last line before the range that is not blank, since that line may be a
   * separator. If that line is longer than a separator, it is a place within the line. If more
   * blank bytes are before the range than a document can omit, it is a place among them.
   */
  static long placeBefore(FileRange range, int separatorLength) throws IOException {
    int longest = separatorLength + ByteOrderMark.LENGTH;
    // Room for a separator, blank bytes after it in its line, as many blank lines, and line ends.
    long from = Math.max(0, range.start() - 2L * MOST_BLANK - longest - 2);
    byte[] before;
    try (var in = FileStore.of(range.file().location()).open(range.file().location(), from)) {
      before = in.readNBytes((int) (range.start() - from));
    }
    int last = before.length - 1;
    int least = from == 0 ? 0 : longest;
    while (last >= least && isBlankOrNewline(before[last])) {
      last--;
    }
    if (last < least) { // after the start, more blank bytes than a document can omit
      return from + least;
    }
    int line = last;
    while (line > 0 && last - line <= longest && before[line - 1] != '\n') {
      line--;
    }
    return from + line;
  }

  /** Whether a byte is part of no text, or ends a line. */
  private static boolean isBlankOrNewline(byte b) {
    return b == '\n' || DocumentSeparator.isBlank(b);
  }

  @Override
  void reset(long begin) {
    newline = -1;
  }

  @Override
  boolean search() {
    // Within a nonblank line, skip to its end; after it, look for a separator among blank bytes.
    while (newline >= 0 || findNewline()) {
      if (searched == lineStart) {
        long next = separatorAt(lineStart);
        if (next == UNDECIDED) {
          return false;
        }
        if (next != NO_SEPARATOR) {
          return found(textEnd, next, true);
        }
      }
      if (searched == window.limit()) {
        return window.ended() && found(textEnd, searched, window.damage() == null);
      }
      byte b = window.bytes()[window.index(searched)];
      searched++;
      if (b == '\n') {
        lineStart = searched;
      }
      if (!isBlankOrNewline(b)) {
        newline = -1;
      } else if (searched - newline > MOST_BLANK) { // so many blank bytes are text
        newline = -1;
        searched--; // the byte may be a line end, after which a separator may follow
      }
    }
    return window.ended() && found(window.limit(), window.limit(), false);
  }

  /** Continues after the next line end; false if there is none in the window. */
  private boolean findNewline() {
    int from = window.index(searched);
    int at = ByteSearch.indexOf(window.bytes(), from, window.index(window.limit()), (byte) '\n');
    if (at < 0) {
      // A CR that is the last byte so far may belong to the line end.
      searched = Math.max(searched, window.limit() - 1);
      return false;
    }
    newline = searched + (at - from);
    textEnd = beforeCr(newline, searched);
    searched = newline + 1;
    lineStart = searched;
    return true;
  }

  @Override
  long floor() {
    return newline < 0 ? searched : textEnd;
  }

  /**
   * The place after the separator, and its line end, whose line begins at a place; {@link
   * #NO_SEPARATOR} for another line; {@link #UNDECIDED} if the window has too few bytes.
   */
  private long separatorAt(long place) {
    byte[] bytes = window.bytes();
    int end = window.index(window.limit());
    int from = window.index(place);
    if (place == 0 && end - from < ByteOrderMark.LENGTH && !window.ended()) {
      return UNDECIDED;
    }
    if (place == 0 && ByteOrderMark.begins(bytes, from, end)) {
      from += ByteOrderMark.LENGTH;
    }
    int length = Math.min(separator.length, end - from);
    if (!Arrays.equals(bytes, from, from + length, separator, 0, length)) {
      return NO_SEPARATOR;
    }
    int at = from + length;
    int most = from + separator.length + MOST_BLANK;
    while (at < end && at < most && DocumentSeparator.isBlank(bytes[at])) {
      at++;
    }
    if (at == end && !window.ended()) {
      return UNDECIDED;
    }
    boolean ends = at == end ? window.damage() == null : bytes[at] == '\n';
    return length == separator.length && ends
        ? place + (Math.min(end, at + 1) - window.index(place))
        : NO_SEPARATOR;
  }

  @Override
  long nextRecord(long place, long limit) throws IOException {
    long begin = place; // after the last separator so far
    long at = place; // all bytes from begin to here are blank
    long start = place; // where the line of that place begins
    while (true) {
      if (at == start) {
        long next = separatorAt(start);
        if (next == UNDECIDED) {
          window.release(begin);
          window.more(); // at the end of the text, the line is decided without more bytes
          continue;
        }
        if (next != NO_SEPARATOR) {
          begin = next;
          at = next;
          start = next;
          continue;
        }
      }
      if (at == window.limit()) {
        window.release(begin);
        if (!window.more()) {
          return at;
        }
      }
      byte b = window.bytes()[window.index(at)];
      if (!isBlankOrNewline(b)) {
        return start;
      }
      at++;
      if (b == '\n') {
        start = at;
      }
      if (at - begin > MOST_BLANK) {
        return begin; // so many blank bytes are text
      }
    }
  }
}
