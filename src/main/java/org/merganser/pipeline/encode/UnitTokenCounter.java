package org.merganser.pipeline.encode;

import org.merganser.corpus.Document;
import org.merganser.pipeline.output.RunPaths;
import org.merganser.pipeline.output.receipt.UnitFiles;

/** Counts the tokens of a unit without keeping its ids. */
final class UnitTokenCounter extends UnitOutput {
  private final DocumentIds counter;

  /** The ids of the last document; 0 if it was refused. */
  private long tokens;

  /**
   * @param counter counts the ids of documents
   */
  UnitTokenCounter(RunPaths paths, int unit, UnitFiles files, DocumentIds counter) {
    super(paths, unit, files, counter.mayRefuse(), null);
    this.counter = counter;
  }

  @Override
  void encode(Document document) {
    tokens = 0; // stays 0 if the count throws
    tokens = counter.count(document);
  }

  @Override
  long put(Document document) {
    return tokens + counter.countEnd(document);
  }

  @Override
  long lossTokens() {
    return counter.lossTokens();
  }

  @Override
  void finishDocuments() {}
}
