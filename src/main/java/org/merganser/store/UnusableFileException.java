package org.merganser.store;

/**
 * A file that this program wrote, such as a shard, a receipt or a manifest, cannot be used; the
 * message has the problem, its place, the value and the next step.
 */
public final class UnusableFileException extends RuntimeException {
  public UnusableFileException(String message) {
    super(message);
  }

  /** The same with the error by which the problem was found. */
  public UnusableFileException(String message, Throwable cause) {
    super(message, cause);
  }
}
