package org.merganser.learn;

public final class LearnException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public LearnException(String message) {
    super(message);
  }

  public LearnException(String message, Throwable cause) {
    super(message, cause);
  }
}
