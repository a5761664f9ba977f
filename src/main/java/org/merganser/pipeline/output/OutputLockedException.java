package org.merganser.pipeline.output;

/** Another run writes into the output folder; the message says who, where, and what to do. */
public final class OutputLockedException extends RunException {
  OutputLockedException(String message) {
    super(message);
  }
}
