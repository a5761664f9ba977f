package org.merganser.corpus.read;

import java.io.IOException;
import org.merganser.corpus.DocumentSeparator;
import org.merganser.corpus.FileRange;
import org.merganser.corpus.field.ByteSearch;
import org.merganser.store.FileStore;

/** The end of a paragraph: after its last line before one of only spaces, tabs and CR. */
final class ParagraphEnd extends RecordEnd {
  /** The most bytes that {@link #placeBefore} looks back: they are read at once. */
  private static final int MOST_LOOK_BACK = 1 << 28;

  /** The bytes that it looks back at first. */
  private static final int FIRST_LOOK_BACK = 4096;

  /** How many times as far it looks back each further time, if it has found only blank bytes. */
  private static final int LOOK_BACK_GROWTH = 4;

  /** The last newline so far, if only blank bytes were found after it; else -1. */
  private long newline;

  /** The place of that newline, or of a CR directly before it. */
  private long lineEnd;

  ParagraphEnd(ByteWindow window) {
    super(window);
  }

  /**
   * A place from which a reader finds out whether a range begins within a paragraph: that of the
   * last nonblank byte before it, or 0. If all of the last {@value #MOST_LOOK_BACK} bytes are
   * blank, the first of these.
   */
  static long placeBefore(FileRange range) throws IOException {
    if (range.start() == 0) {
      return 0;
    }
    FileStore store = FileStore.of(range.file().location());
    long back = FIRST_LOOK_BACK;
    while (true) {
      long from = Math.max(0, range.start() - Math.min(back, MOST_LOOK_BACK));
      byte[] before;
      try (var in = store.open(range.file().location(), from)) {
        before = in.readNBytes((int) (range.start() - from));
      }
      for (int i = before.length - 1; i >= 0; i--) {
        if (before[i] != '\n' && !DocumentSeparator.isBlank(before[i])) {
          return from + i;
        }
      }
      if (from == 0 || back >= MOST_LOOK_BACK) {
        return from;
      }
      back *= LOOK_BACK_GROWTH;
    }
  }

  @Override
  void reset(long begin) {
    newline = -1;
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
    while (searched < window.limit() && DocumentSeparator.isBlank(bytes[window.index(searched)])) {
      searched++;
    }
  }

  @Override
  long floor() {
    return newline < 0 ? searched : lineEnd;
  }

  /**
   * The beginning of the first nonblank line. A blank line above the limit counts as nonblank, so
   * that the window need not hold it.
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
      } else if (!DocumentSeparator.isBlank(b) || place - line > limit) {
        return line;
      }
      place++;
    }
  }
}
