package org.merganser.text.pretokenize;

/**
 * Two components of a Sequence that rewrites text: the second cuts every piece of the first. A
 * piece is the first of the document only if its offset is 0, as in HF: a piece after removed text
 * is not.
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
