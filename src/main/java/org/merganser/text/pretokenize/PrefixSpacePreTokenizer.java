package org.merganser.text.pretokenize;

import org.merganser.text.unicode.ByteBuilder;

/** Puts a space before text that doesn't begin with one, then cuts it (ByteLevel). */
final class PrefixSpacePreTokenizer implements PreTokenizer {
  private final PreTokenizer next;
  private final ByteBuilder prefixed = new ByteBuilder(64);

  PrefixSpacePreTokenizer(PreTokenizer next) {
    this.next = next;
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
    next.split(prefixed.bytes(), 0, prefixed.length(), first, sink);
  }
}
