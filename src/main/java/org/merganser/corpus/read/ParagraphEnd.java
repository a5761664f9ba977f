package org.merganser.corpus.read;

import java.io.IOException;
import org.merganser.corpus.DocumentSeparator;
import org.merganser.corpus.field.ByteSearch;

/** The end of a paragraph: after its last line before one of only spaces, tabs and CR. */
final class ParagraphEnd extends RecordEnd {
  /** A newline that may be the last one, or -1; {@code searched} is then after it. */
  private long newline = -1;

  /** The place of that newline, or of a CR directly before it. */
  private long lineEnd;

  ParagraphEnd(ByteWindow window) {
    super(window);
  }

  @Override
  boolean search() {
    while (true) {
      if (newline < 0 && !findNewline()) {
        return window.ended() && found(window.limit(), window.limit(), false);
      }
      skipBlanks();
      boolean atLimit = searched == window.limit();
      if (atLimit && !window.ended()) {
        return false; // what follows may end a blank line
      }
      newline = -1;
      if (atLimit) {
        return found(lineEnd, window.limit(), window.damage() == null);
      }
      if (window.bytes()[window.index(searched)] == '\n') {
        return found(lineEnd, searched + 1, true);
      }
    }
  }

  /** Finds the end of the line at {@link #searched}; false if the window does not have it. */
  private boolean findNewline() {
    int from = window.index(searched);
    int at = ByteSearch.indexOf(window.bytes(), from, window.index(window.limit()), (byte) '\n');
    if (at < 0) {
      if (!window.ended()) { // a CR that is the last byte so far may belong to the line end
        searched = Math.max(searched, window.limit() - 1);
      }
      return false;
    }
    newline = searched + (at - from);
    lineEnd = beforeCr(newline, searched);
    searched = newline + 1;
    return true;
  }

  /** Moves {@link #searched} to the first byte that is not blank, or to the end of the window. */
  private void skipBlanks() {
    byte[] bytes = window.bytes();
    while (searched < window.limit() && isBlank(bytes[window.index(searched)])) {
      searched++;
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

  /** Whether a line of only such bytes is blank. */
  static boolean isBlank(byte b) {
    return DocumentSeparator.isBlank(b);
  }
}
