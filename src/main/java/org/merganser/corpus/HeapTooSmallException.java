package org.merganser.corpus;

import java.io.IOException;

/**
 * A document that the job allows does not fit the heap of this JVM. Thrown before memory runs out.
 * It is not an Error, so that it does not end a worker of a cluster.
 */
public final class HeapTooSmallException extends IOException {
  public HeapTooSmallException(String message) {
    super(message);
  }
}
