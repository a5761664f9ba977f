package org.merganser.corpus;

import java.io.IOException;

/** A compressed stream is damaged: what is wrong with it, for a dead letter. */
public final class DamagedStreamException extends IOException {
  private final DeadLetter.Reason reason;
  private final String detail;

  public DamagedStreamException(DeadLetter.Reason reason, String detail) {
    super(detail);
    this.reason = reason;
    this.detail = detail;
  }

  public String detail() {
    return detail;
  }

  public DeadLetter.Reason reason() {
    return reason;
  }
}
