package org.merganser.corpus;

/** The corpus cannot be read. The message is for the user: what is wrong, where, the next step. */
public final class CorpusException extends RuntimeException {
  public CorpusException(String message) {
    super(message);
  }

  public CorpusException(String message, Throwable cause) {
    super(message, cause);
  }
}
