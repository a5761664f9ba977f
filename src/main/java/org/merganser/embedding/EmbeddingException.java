package org.merganser.embedding;

/** An embedding table cannot be used; the message has the file, the bad id and what is allowed. */
public final class EmbeddingException extends RuntimeException {
  public EmbeddingException(String message) {
    super(message);
  }

  public EmbeddingException(String message, Throwable cause) {
    super(message, cause);
  }
}
