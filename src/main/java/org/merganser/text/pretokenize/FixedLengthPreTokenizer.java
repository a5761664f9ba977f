package org.merganser.text.pretokenize;

import org.merganser.text.unicode.CodePoints;

/** Cuts after every so many characters. */
final class FixedLengthPreTokenizer implements PreTokenizer {
  private final int length;
  private final PretokenBatch batch = new PretokenBatch();

  FixedLengthPreTokenizer(int length) {
    this.length = length;
  }

  @Override
  public void split(byte[] text, int from, int to, boolean first, PretokenSink sink) {
    batch.open(text, sink);
    int start = from;
    int characters = 0;
    for (int at = from; at < to; at += CodePoints.length(text[at])) {
      if (characters == length) {
        batch.add(start, at);
        start = at;
        characters = 0;
      }
      characters++;
    }
    batch.add(start, to);
    batch.flush();
  }
}
