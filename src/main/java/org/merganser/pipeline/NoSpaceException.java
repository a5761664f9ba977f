package org.merganser.pipeline;

import org.merganser.pipeline.output.RunException;

/** A run that would not fit where it writes: what it needs and what is free. */
public final class NoSpaceException extends RunException {
  NoSpaceException(String message) {
    super(message);
  }
}
