package org.merganser.embedding;

/**
 * An embedding table cannot be read, used or written. The message says where (the file, the id) and
 * what is allowed.
 */
public final class EmbeddingException extends RuntimeException {
  public EmbeddingException(String message) {
    super(message);
  }

  public EmbeddingException(String message, Throwable cause) {
    super(message, cause);
  }
}
