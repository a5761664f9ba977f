package org.merganser.text.pretokenize;

import org.merganser.text.unicode.CodePoints;
import org.merganser.text.unicode.ComponentClasses;
import org.merganser.text.unicode.Utf8;

/**
 * The pre-tokenizer Whitespace, {@code \w+|[^\w\s]+} of the crate {@code regex}: runs of word
 * characters, and runs of other characters that are not white space, are pretokens; white space is
 * left out.
 */
final class WordsPreTokenizer implements PreTokenizer {
  private final PretokenBatch batch = new PretokenBatch();

  @Override
  public void split(byte[] text, int from, int to, boolean first, PretokenSink sink) {
    batch.open(text, sink);
    int start = from;
    boolean inWord = false;
    for (int at = from; at < to; ) {
      int codePoint = Utf8.codePoint(text, at);
      int next = at + CodePoints.length(text[at]);
      if (ComponentClasses.WHITE_SPACE.contains(codePoint)) {
        batch.add(start, at);
        start = next;
      } else {
        boolean word = ComponentClasses.WORD.contains(codePoint);
        if (word != inWord) {
          batch.add(start, at);
          start = at;
          inWord = word;
        }
      }
      at = next;
    }
    batch.add(start, to);
    batch.flush();
  }
}
