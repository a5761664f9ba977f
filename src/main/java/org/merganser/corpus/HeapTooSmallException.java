package org.merganser.corpus;

import java.io.IOException;

/**
 * The heap of this JVM is too small for a document that the job allows. Thrown before memory runs
 * out; unlike an OutOfMemoryError it does not end a worker of a cluster.
 */
public final class HeapTooSmallException extends IOException {
  public HeapTooSmallException(String message) {
    super(message);
  }
}
