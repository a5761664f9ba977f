package org.merganser.corpus.read;

/**
 * The end of an item of a JSON array: before the comma after it, or the bracket that closes the
 * array. The first item begins after the bracket that opens the array. Each byte is examined once;
 * the parser of the item checks that it is JSON.
 */
final class JsonItemEnd extends RecordEnd {
  /** The open objects and lists within the item. */
  private int depth;

  /** Whether the place is within a string. */
  private boolean quoted;

  /** Whether a backslash before the place escapes its byte. */
  private boolean escaped;

  /** Whether the bracket that closes the array was found. */
  private boolean closed;

  JsonItemEnd(ByteWindow window) {
    super(window);
  }

  @Override
  void reset(long begin) {
    depth = 0;
    quoted = false;
    escaped = false;
  }

  /** Whether the last record was the last item of the array, or is what follows the array. */
  boolean isClosed() {
    return closed;
  }

  @Override
  boolean search() {
    if (!closed && findItemEnd()) {
      return true;
    }
    searched = window.limit(); // what follows the array is one record
    return window.ended() && found(searched, searched, false);
  }

  /**
   * Examines the bytes that the window has from {@link #searched} on; returns whether the item ends
   * there.
   */
  private boolean findItemEnd() {
    byte[] bytes = window.bytes();
    int end = window.index(window.limit());
    for (int i = window.index(searched); i < end; i++) {
      byte b = bytes[i];
      if (quoted) {
        quoted = escaped || b != '"';
        escaped = !escaped && b == '\\';
      } else if (b == '"') {
        quoted = true;
      } else if (b == '{' || b == '[') {
        depth++;
      } else if (depth == 0 && (b == ',' || b == ']')) {
        closed = b == ']';
        long place = window.place(i);
        return found(place, place + 1, true);
      } else if (depth > 0 && (b == '}' || b == ']')) {
        depth--;
      }
    }
    return false;
  }
}
