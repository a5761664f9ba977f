package org.merganser.embedding;

/** An embedding table cannot be used: the file, the first offending id, what is allowed. */
public final class EmbeddingException extends RuntimeException {
  public EmbeddingException(String message) {
    super(message);
  }

  public EmbeddingException(String message, Throwable cause) {
    super(message, cause);
  }
}
