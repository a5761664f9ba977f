package org.merganser.pipeline.output;

/** Input files changed after they were encoded; the message names them and the ways to go on. */
public final class ChangedFilesException extends RunException {
  public ChangedFilesException(String message) {
    super(message);
  }
}
