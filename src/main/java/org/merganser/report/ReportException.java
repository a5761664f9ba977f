package org.merganser.report;

import org.jspecify.annotations.Nullable;

/** A report cannot be made; the message has the reason and the next step. */
public final class ReportException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public ReportException(String message) {
    super(message);
  }

  public ReportException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
