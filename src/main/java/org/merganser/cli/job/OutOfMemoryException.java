package org.merganser.cli.job;

/** The heap was too small for a run; the message is advice. */
final class OutOfMemoryException extends RuntimeException {
  OutOfMemoryException(String message, Throwable cause) {
    super(message, cause);
  }
}
