package org.merganser.pipeline.encode;

import org.jspecify.annotations.Nullable;
import org.merganser.corpus.Document;
import org.merganser.output.figures.DocumentMarks;
import org.merganser.pipeline.output.RunPaths;
import org.merganser.pipeline.output.receipt.UnitFiles;

/** Counts the tokens of a unit without keeping its ids. */
final class UnitTokenCounter extends UnitOutput {
  /** It is not counted which documents begin and end with their ids, since no ids are kept. */
  private static final @Nullable DocumentMarks NO_MARKS = null;

  private final DocumentIds counter;

  /** The number of ids of the last document; 0 if it was refused. */
  private long tokens;

  /**
   * @param counter counts the ids of documents
   */
  UnitTokenCounter(RunPaths paths, int unit, UnitFiles files, DocumentIds counter) {
    super(paths, unit, files, counter.mayRefuse(), NO_MARKS);
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
