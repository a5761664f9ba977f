package org.merganser.corpus.read;

import org.merganser.corpus.field.ByteSearch;

/** The end of a line: before LF or CRLF. */
final class LineEnd extends RecordEnd {
  LineEnd(ByteWindow window) {
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
