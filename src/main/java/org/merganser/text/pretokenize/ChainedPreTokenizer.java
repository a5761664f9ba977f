package org.merganser.text.pretokenize;

/**
 * Two components of a Sequence that rewrites text: the second cuts every piece of the first. {@link
 * RecuttingPreTokenizer} is faster where no text is rewritten.
 */
final class ChainedPreTokenizer implements PreTokenizer {
  private final PreTokenizer head;
  private final PreTokenizer tail;

  ChainedPreTokenizer(PreTokenizer head, PreTokenizer tail) {
    this.head = head;
    this.tail = tail;
  }

  /**
   * Cuts the text. A piece of the first component is the beginning of the document only if its
   * offset is 0, as in HF: a piece after removed text is not. Nor is a piece of rewritten text:
   * {@link PreTokenizerFactory} refuses a second component that would need to know.
   */
  @Override
  public void split(byte[] text, int from, int to, boolean first, PretokenSink sink) {
    head.split(
        text,
        from,
        to,
        first,
        (pieces, start, ends, count) -> {
          int pieceStart = start;
          for (int i = 0; i < count; i++) {
            boolean firstPiece = first && pieces == text && pieceStart == from;
            tail.split(pieces, pieceStart, ends[i], firstPiece, sink);
            pieceStart = ends[i];
          }
        });
  }
}
