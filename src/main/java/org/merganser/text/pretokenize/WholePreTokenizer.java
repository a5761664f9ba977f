package org.merganser.text.pretokenize;

/** Passes a complete text on as one pretoken. */
final class WholePreTokenizer implements PreTokenizer {
  private final int[] end = new int[1];

  @Override
  public void split(byte[] text, int from, int to, boolean first, PretokenSink sink) {
    if (from < to) {
      end[0] = to;
      sink.accept(text, from, end, 1);
    }
  }
}
