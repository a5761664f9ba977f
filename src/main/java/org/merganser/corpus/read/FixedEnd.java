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
    if (searched >= end) {
      return found(end, end, true);
    }
    return window.ended() && found(searched, searched, false);
  }

  @Override
  @Nullable DamagedStreamException broken() {
    if (terminated() || window.damage() != null) {
      return super.broken();
    }
    return new DamagedStreamException(
        DeadLetter.Reason.TRUNCATED,
        "the file ends " + (end - content()) + " bytes before the record does");
  }
}
