package org.merganser.corpus.read;

import org.jspecify.annotations.Nullable;
import org.merganser.corpus.DeadLetter;
import org.merganser.corpus.decode.DamagedStreamException;

/** A given end, such as that of a record with a declared length. */
final class FixedEnd extends RecordEnd {
  private final long end;

  FixedEnd(ByteWindow window, long end) {
    super(window);
    this.end = end;
  }

  @Override
  boolean search() {
    searched = window.limit();
    return searched >= end
        ? found(end, end, true)
        : window.ended() && found(searched, searched, false);
  }

  @Override
  @Nullable DamagedStreamException broken() {
    DamagedStreamException damage = super.broken();
    return terminated() || damage != null
        ? damage
        : new DamagedStreamException(
            DeadLetter.Reason.TRUNCATED,
            "the file ends " + (end - content()) + " bytes before the record does");
  }
}
