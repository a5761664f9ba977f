package org.merganser.corpus.read;

/** The end of the stream: the record is the rest of the file. */
final class StreamEnd extends RecordEnd {
  StreamEnd(ByteWindow window) {
    super(window);
  }

  @Override
  boolean search() {
    searched = window.limit();
    return window.ended() && found(searched, searched, window.damage() == null);
  }
}
