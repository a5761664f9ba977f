package org.merganser.corpus;

import java.io.IOException;

/** A compressed stream is damaged: what is wrong with it, for a dead letter. */
final class DamagedStreamException extends IOException {
  private final DeadLetter.Reason reason;
  private final String detail;

  DamagedStreamException(DeadLetter.Reason reason, String detail) {
    super(detail);
    this.reason = reason;
    this.detail = detail;
  }

  String detail() {
    return detail;
  }

  DeadLetter.Reason reason() {
    return reason;
  }
}
