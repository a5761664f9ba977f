package org.merganser.corpus;

import java.io.IOException;

/**
 * A document that the job allows does not fit the heap of this JVM. It is thrown before memory runs
 * out, and is no Error, so that a worker of a cluster is not ended by it.
 */
public final class HeapTooSmallException extends IOException {
  /**
   * @param message what does not fit, how much heap it needs, and what to change
   */
  public HeapTooSmallException(String message) {
    super(message);
  }
}
