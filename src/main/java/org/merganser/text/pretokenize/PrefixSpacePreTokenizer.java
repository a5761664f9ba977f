package org.merganser.text.pretokenize;

import org.merganser.binary.ByteBuilder;
import org.merganser.text.normalize.Origins;
import org.merganser.text.unicode.CodePoints;

/**
 * ByteLevel's {@code add_prefix_space}: prepends a space, unless the text is empty or begins with
 * one.
 */
final class PrefixSpacePreTokenizer implements PreTokenizer {
  /** Cuts the text with the space. */
  private final PreTokenizer next;

  private final Origins origins;
  private final ByteBuilder prefixed = new ByteBuilder(64);

  /**
   * @param origins receives where each byte of the new text comes from
   */
  PrefixSpacePreTokenizer(PreTokenizer next, Origins origins) {
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
    origins.clear();
    origins.addRewritten(1, from, from + CodePoints.length(text[from]));
    origins.addCopied(text, from, to);
    origins.setTexts(text, prefixed.bytes());
    next.split(prefixed.bytes(), 0, prefixed.length(), first, sink);
  }
}
