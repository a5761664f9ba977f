package org.merganser.pipeline;

/** A run cannot begin or go on: what, where, the value and the next step; written for the user. */
public final class RunException extends RuntimeException {
  public RunException(String message) {
    super(message);
  }

  public RunException(String message, Throwable cause) {
    super(message, cause);
  }
}
