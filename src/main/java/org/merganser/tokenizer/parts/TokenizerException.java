package org.merganser.tokenizer.parts;

/**
 * A tokenizer.json cannot be used: what is wrong, at which JSON path, the value, what is allowed.
 */
public final class TokenizerException extends RuntimeException {
  public TokenizerException(String message) {
    super(message);
  }

  public TokenizerException(String message, Throwable cause) {
    super(message, cause);
  }
}
