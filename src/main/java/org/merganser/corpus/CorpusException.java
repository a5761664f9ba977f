package org.merganser.corpus;

/** The corpus cannot be read: what, where, and the next step; written for the user. */
public final class CorpusException extends RuntimeException {
  public CorpusException(String message) {
    super(message);
  }

  public CorpusException(String message, Throwable cause) {
    super(message, cause);
  }
}
