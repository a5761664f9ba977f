package org.merganser.corpus;

import java.io.IOException;

/**
 * Receives the records of a unit in order, each as one document (or its parts) or one dead letter.
 */
public interface DocumentHandler {
  void document(Document document) throws IOException;

  void deadLetter(DeadLetter letter) throws IOException;

  /** A range is finished. */
  default void rangeRead(RangeReceipt receipt) throws IOException {}
}
