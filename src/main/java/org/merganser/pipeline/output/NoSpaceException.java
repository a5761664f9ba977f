package org.merganser.pipeline.output;

/** The output of a run would not fit; the message gives the needed and the free space. */
public final class NoSpaceException extends RunException {
  public NoSpaceException(String message) {
    super(message);
  }
}
