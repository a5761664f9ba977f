package org.merganser.pipeline.output;

/** Another run writes into the output folder: who, where, since when, and what to do about it. */
public final class OutputLockedException extends RunException {
  OutputLockedException(String message) {
    super(message);
  }
}
