package org.merganser.text.pretokenize;

import org.jspecify.annotations.Nullable;
import org.merganser.text.normalize.Origins;
import org.merganser.text.unicode.ByteBuilder;
import org.merganser.text.unicode.CodePoints;

/** Puts a space before text that doesn't begin with one, then cuts it (ByteLevel). */
final class PrefixSpacePreTokenizer implements PreTokenizer {
  private final PreTokenizer next;
  private final @Nullable Origins origins;
  private final ByteBuilder prefixed = new ByteBuilder(64);

  PrefixSpacePreTokenizer(PreTokenizer next, @Nullable Origins origins) {
    this.next = next;
    this.origins = origins;
  }

  @Override
  public void split(byte[] text, int from, int to, boolean first, PretokenSink sink) {
    if (from == to || text[from] == ' ') {
      next.split(text, from, to, first, sink);
      return;
    }
    prefixed.clear();
    prefixed.append((byte) ' ');
    prefixed.append(text, from, to);
    if (origins != null) {
      origins.clear();
      origins.rewritten(1, from, from + CodePoints.length(text[from]));
      origins.copied(text, from, to);
      origins.between(text, prefixed.bytes());
    }
    next.split(prefixed.bytes(), 0, prefixed.length(), first, sink);
  }
}
