package org.merganser.text.pretokenize;

/** Gathers the pretokens that a chain gives piece by piece; the chain must not rewrite text. */
final class GatheringPreTokenizer implements PreTokenizer {
  private final PreTokenizer chain;
  private final PretokenBatch batch = new PretokenBatch();

  GatheringPreTokenizer(PreTokenizer chain) {
    this.chain = chain;
  }

  @Override
  public void split(byte[] text, int from, int to, boolean first, PretokenSink sink) {
    batch.open(text, sink);
    chain.split(
        text,
        from,
        to,
        first,
        (pieces, start, ends, count) -> {
          int pieceStart = start;
          for (int i = 0; i < count; i++) {
            batch.add(pieceStart, ends[i]);
            pieceStart = ends[i];
          }
        });
    batch.flush();
  }
}
