package org.merganser.tokenizer.parts;

/**
 * A tokenizer.json cannot be used; the message has the JSON path, the value and what is allowed.
 */
public final class TokenizerException extends RuntimeException {
  /** The maximum number of characters of a value in a message. */
  private static final int LONGEST_VALUE = 60;

  /**
   * The maximum number of characters of a message, apart from the mark of an omission. A pattern or
   * a token of the file, which a message may have in it, can have megabytes.
   */
  private static final int LONGEST_MESSAGE = 2_000;

  public TokenizerException(String message) {
    super(limited(message));
  }

  public TokenizerException(String message, Throwable cause) {
    super(limited(message), cause);
  }

  /** The beginning of a value for an error message. */
  public static String shortened(String text) {
    return text.codePointCount(0, text.length()) <= LONGEST_VALUE
        ? text
        : text.substring(0, text.offsetByCodePoints(0, LONGEST_VALUE)) + "…";
  }

  /**
   * Cuts the middle out of a long message: its beginning has the place, and its end what is
   * allowed.
   */
  private static String limited(String message) {
    if (message.codePointCount(0, message.length()) <= LONGEST_MESSAGE) {
      return message;
    }
    int head = message.offsetByCodePoints(0, LONGEST_MESSAGE / 2);
    int tail = message.offsetByCodePoints(message.length(), -LONGEST_MESSAGE / 2);
    return message.substring(0, head) + " … " + message.substring(tail);
  }
}
