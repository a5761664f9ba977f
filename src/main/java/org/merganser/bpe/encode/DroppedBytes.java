package org.merganser.bpe.encode;

/** Counts bytes of text that have no id, and remembers where the first one stood. */
final class DroppedBytes {
  private long bytes;
  private int first = -1;

  void add(int offset, int count) {
    if (first < 0) {
      first = offset;
    }
    bytes += count;
  }

  long bytes() {
    return bytes;
  }

  int first() {
    return first;
  }

  void clear() {
    bytes = 0;
    first = -1;
  }
}
