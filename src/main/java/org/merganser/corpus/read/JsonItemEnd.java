package org.merganser.corpus.read;

/**
 * An item of a JSON array in a stream: ends before the comma or bracket that closes it. The first
 * one begins after the array's bracket. Each byte is examined once; the parser of the item checks
 * that it is JSON.
 */
final class JsonItemEnd extends RecordEnd {
  private int depth;
  private boolean quoted;
  private boolean escaped;
  private boolean closed;

  JsonItemEnd(ByteWindow window) {
    super(window);
  }

  @Override
  void begun(long begin) {
    depth = 0;
    quoted = false;
    escaped = false;
  }

  /** Whether the item before was the last one of the array, or the record is what follows it. */
  boolean isClosed() {
    return closed;
  }

  @Override
  boolean search() {
    byte[] bytes = window.bytes();
    int first = window.index(0);
    int end = closed ? 0 : window.index(window.limit());
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
        long place = (long) i - first;
        return found(place, place + 1, true);
      } else if (depth > 0 && (b == '}' || b == ']')) {
        depth--;
      }
    }
    searched = window.limit();
    return window.ended() && found(searched, searched, false);
  }
}
