package org.merganser.report;

import org.jspecify.annotations.Nullable;

/** A report that cannot be made; the message says why and what to do. */
public final class ReportException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public ReportException(String message) {
    super(message);
  }

  public ReportException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
