package org.merganser.corpus.decode;

import java.io.IOException;
import org.merganser.corpus.DeadLetter;

/** A compressed stream is damaged; has the reason and detail for a dead letter. */
public final class DamagedStreamException extends IOException {
  private final DeadLetter.Reason reason;
  private final String detail;
  private final long proved;

  /**
   * Damage before which all decoded bytes count as verified. A decoder throws it as well, and
   * {@link DecodedInput} throws the same damage with the number of verified bytes instead.
   */
  public DamagedStreamException(DeadLetter.Reason reason, String detail) {
    this(reason, detail, Long.MAX_VALUE);
  }

  /**
   * @param proved the decoded bytes that checks of members, frames or blocks have verified; {@link
   *     Long#MAX_VALUE} if all are
   */
  public DamagedStreamException(DeadLetter.Reason reason, String detail, long proved) {
    super(detail);
    this.reason = reason;
    this.detail = detail;
    this.proved = proved;
  }

  /** The problem and its place, for a person. */
  public String detail() {
    return detail;
  }

  /** {@code TRUNCATED}, {@code CORRUPT} or {@code UNSUPPORTED}. */
  public DeadLetter.Reason reason() {
    return reason;
  }

  /** How many decoded bytes checks have verified; {@link Long#MAX_VALUE} for all. */
  public long proved() {
    return proved;
  }
}
