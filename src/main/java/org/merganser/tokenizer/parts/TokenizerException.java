package org.merganser.tokenizer.parts;

/**
 * A tokenizer.json cannot be used; the message has the JSON path, the value and what is allowed.
 */
public final class TokenizerException extends RuntimeException {
  private static final int SHOWN = 60;

  public TokenizerException(String message) {
    super(message);
  }

  public TokenizerException(String message, Throwable cause) {
    super(message, cause);
  }

  /** A value in an error message: at most a line. */
  public static String shortened(String text) {
    return text.codePointCount(0, text.length()) <= SHOWN
        ? text
        : text.substring(0, text.offsetByCodePoints(0, SHOWN)) + "…";
  }
}
