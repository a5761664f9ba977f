package org.merganser.corpus.decode;

import java.io.IOException;
import org.merganser.corpus.DeadLetter;

/** A compressed stream is damaged; carries the reason and detail for a dead letter. */
public final class DamagedStreamException extends IOException {
  private final DeadLetter.Reason reason;
  private final String detail;
  private final long unprovedFrom;

  /** Damage after which all earlier decoded bytes can be trusted. */
  public DamagedStreamException(DeadLetter.Reason reason, String detail) {
    this(reason, detail, Long.MAX_VALUE);
  }

  /**
   * Damage of a stream.
   *
   * @param unprovedFrom the decoded byte from which on the text must not be used, because the check
   *     of its member, frame or block has failed
   */
  public DamagedStreamException(DeadLetter.Reason reason, String detail, long unprovedFrom) {
    super(detail);
    this.reason = reason;
    this.detail = detail;
    this.unprovedFrom = unprovedFrom;
  }

  public String detail() {
    return detail;
  }

  public DeadLetter.Reason reason() {
    return reason;
  }

  /** The decoded byte from which on the text must not be used; else the largest number. */
  public long unprovedFrom() {
    return unprovedFrom;
  }
}
