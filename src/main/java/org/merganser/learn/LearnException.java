package org.merganser.learn;

/** A learned model cannot be read or cannot be made; the message is for the user. */
public final class LearnException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public LearnException(String message) {
    super(message);
  }

  public LearnException(String message, Throwable cause) {
    super(message, cause);
  }
}
