package org.merganser.pipeline.output;

/** A run that would not fit where it writes: what it needs and what is free. */
public final class NoSpaceException extends RunException {
  public NoSpaceException(String message) {
    super(message);
  }
}
