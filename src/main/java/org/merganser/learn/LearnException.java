package org.merganser.learn;

/** What is learned cannot be read, or cannot be learned; the message is for the user. */
public final class LearnException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public LearnException(String message) {
    super(message);
  }

  public LearnException(String message, Throwable cause) {
    super(message, cause);
  }
}
