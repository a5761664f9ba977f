package org.merganser.pipeline.output;

/** A run has kept no document; the message names what it has read. */
public final class NothingKeptException extends RunException {
  public NothingKeptException(String message) {
    super(message);
  }
}
