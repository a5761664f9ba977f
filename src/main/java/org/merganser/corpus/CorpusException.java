package org.merganser.corpus;

/**
 * The corpus cannot be read. The message is for the user: the problem, its place, the next step.
 */
public final class CorpusException extends RuntimeException {
  public CorpusException(String message) {
    super(message);
  }

  public CorpusException(String message, Throwable cause) {
    super(message, cause);
  }
}
