package org.merganser.corpus;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.merganser.text.CutRule;

/** Reads the documents of a work unit. For one thread; buffers are reused from unit to unit. */
public final class UnitReader {

  /**
   * @param cutRule where a document above {@code maxDocumentBytes} may be cut; null: nowhere
   */
  public UnitReader(CorpusSettings settings, @Nullable CutRule cutRule) {}

  /**
   * Reads the unit's ranges in order.
   *
   * @throws IOException when a file cannot be read, has changed since it was planned (size), with
   *     file, place and next step; damage *inside* a file (a broken record, a truncated compressed
   *     stream) is a dead letter instead
   */
  public void read(WorkUnit unit, DocumentHandler handler) throws IOException {
    throw new UnsupportedOperationException("interface only");
  }
}
