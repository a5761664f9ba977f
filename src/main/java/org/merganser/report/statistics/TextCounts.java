package org.merganser.report.statistics;

import org.merganser.report.measure.TextPieces;
import org.merganser.text.unicode.Utf8;

/** How much text there is, and how many tokens it takes. */
final class TextCounts {
  long bytes;
  long words;
  long tokens;

  void add(byte[] text, long tokensOfIt) {
    bytes += text.length;
    words += words(text);
    tokens += tokensOfIt;
  }

  TextCounts plus(TextCounts other) {
    TextCounts sum = new TextCounts();
    sum.bytes = bytes + other.bytes;
    sum.words = words + other.words;
    sum.tokens = tokens + other.tokens;
    return sum;
  }

  /** The words of the well-formed stretches of a text. */
  static long words(byte[] text) {
    long[] words = {0};
    for (int at = 0; at < text.length; ) {
      int bad = Utf8.firstIllFormed(text, at, text.length);
      int stop = bad < 0 ? text.length : bad;
      TextPieces.split(text, at, stop, (from, to, word) -> words[0] += word ? 1 : 0);
      at = bad < 0 ? stop : bad + Utf8.illFormedLength(text, bad, text.length);
    }
    return words[0];
  }
}
