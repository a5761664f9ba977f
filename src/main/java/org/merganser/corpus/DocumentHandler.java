package org.merganser.corpus;

import java.io.IOException;

/**
 * Receives what a unit holds, in order: every record is one document (or its parts) or one letter.
 */
public interface DocumentHandler {
  void document(Document document) throws IOException;

  void deadLetter(DeadLetter letter) throws IOException;

  /** A range is finished. */
  default void rangeRead(RangeReceipt receipt) throws IOException {}
}
