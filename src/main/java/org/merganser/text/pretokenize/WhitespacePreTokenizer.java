package org.merganser.text.pretokenize;

import org.merganser.text.unicode.CodePoints;
import org.merganser.text.unicode.ComponentClasses;
import org.merganser.text.unicode.Utf8;

/**
 * Whitespace, {@code \w+|[^\w\s]+} of the crate {@code regex}: runs of word characters and runs of
 * other characters are pretokens; white space is removed.
 */
final class WhitespacePreTokenizer implements PreTokenizer {
  /** Ignores an empty range, such as the one between two white spaces. */
  private final PretokenBatch batch = new PretokenBatch();

  @Override
  public void split(byte[] text, int from, int to, boolean first, PretokenSink sink) {
    batch.open(text, sink);
    int start = from;
    boolean inWord = false;
    int at = from;
    while (at < to) {
      int codePoint = Utf8.codePoint(text, at);
      int next = at + CodePoints.length(text[at]);
      if (ComponentClasses.WHITE_SPACE.contains(codePoint)) {
        batch.add(start, at);
        start = next;
      } else {
        boolean isWord = ComponentClasses.WORD.contains(codePoint);
        if (isWord != inWord) {
          batch.add(start, at);
          start = at;
          inWord = isWord;
        }
      }
      at = next;
    }
    batch.add(start, to);
    batch.flush();
  }
}
