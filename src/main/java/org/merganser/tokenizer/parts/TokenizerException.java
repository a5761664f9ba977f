package org.merganser.tokenizer.parts;

/**
 * A tokenizer.json cannot be used; the message has the JSON path, the value and what is allowed.
 */
public final class TokenizerException extends RuntimeException {
  private static final int SHOWN = 60;

  /** A message has a few values, of which a pattern or a token of the file may have megabytes. */
  private static final int MOST = 2_000;

  public TokenizerException(String message) {
    super(within(message));
  }

  public TokenizerException(String message, Throwable cause) {
    super(within(message), cause);
  }

  /** The beginning of a long message has the place, and its end what is allowed. */
  private static String within(String message) {
    if (message.codePointCount(0, message.length()) <= MOST) {
      return message;
    }
    int head = message.offsetByCodePoints(0, MOST / 2);
    int tail = message.offsetByCodePoints(message.length(), -MOST / 2);
    return message.substring(0, head) + " … " + message.substring(tail);
  }

  /** A value in an error message: at most a line. */
  public static String shortened(String text) {
    return text.codePointCount(0, text.length()) <= SHOWN
        ? text
        : text.substring(0, text.offsetByCodePoints(0, SHOWN)) + "…";
  }
}
