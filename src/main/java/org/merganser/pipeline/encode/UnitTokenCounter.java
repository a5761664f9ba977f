package org.merganser.pipeline.encode;

import org.merganser.corpus.Document;
import org.merganser.pipeline.output.OutputLayout;
import org.merganser.pipeline.output.UnitFiles;
import org.merganser.tokenizer.Encoder;

/** Counts the tokens of a unit: the number that {@link UnitShardWriter} would write. */
final class UnitTokenCounter extends UnitOutput {
  private final DocumentIds counter;
  private final boolean endsDocuments;
  private long tokens;

  UnitTokenCounter(
      OutputLayout layout,
      int unit,
      UnitFiles files,
      Encoder encoder,
      boolean endsDocuments,
      boolean anyBytes) {
    super(layout, unit, files, encoder.mayRefuse(), null);
    this.counter = new DocumentIds(encoder, anyBytes);
    this.endsDocuments = endsDocuments;
  }

  @Override
  void encode(Document document) {
    tokens = 0;
    tokens = counter.count(document);
  }

  @Override
  long put(Document document) {
    return tokens + (endsDocuments && document.lastPart ? counter.countEnd() : 0);
  }

  @Override
  long lossTokens() {
    return counter.lossTokens();
  }

  @Override
  void finishDocuments() {}
}
