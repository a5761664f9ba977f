package org.merganser.text.pretokenize;

/**
 * Two components of a Sequence that rewrites text: the second cuts every piece of the first. The
 * offset of a piece decides whether it is the first of the document, as in HF: a piece behind
 * removed text is not.
 */
record ChainedPreTokenizer(PreTokenizer head, PreTokenizer tail) implements PreTokenizer {
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
