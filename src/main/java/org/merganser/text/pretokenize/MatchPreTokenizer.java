package org.merganser.text.pretokenize;

import org.merganser.text.regex.DfaMatcher;

/**
 * The pretokens are the matches of a regex, with the gaps between them (behavior Isolated) or
 * without (Removed, inverted). This is the fast path for a regex that an automaton runs and that
 * cannot match the empty string.
 */
public final class MatchPreTokenizer implements PreTokenizer {
  private static final int CAPACITY = 512;

  private final DfaMatcher matcher;
  private final boolean keepsGaps;
  private final int[] ends = new int[CAPACITY];

  public MatchPreTokenizer(DfaMatcher matcher, boolean keepsGaps) {
    this.matcher = matcher;
    this.keepsGaps = keepsGaps;
  }

  @Override
  public void split(byte[] text, int from, int to, boolean first, PretokenSink sink) {
    matcher.reset(text, from, to);
    int start = from;
    int count = 0;
    int at = from;
    while (at < to) {
      if (count + 2 > CAPACITY) {
        sink.accept(text, start, ends, count);
        start = at;
        count = 0;
      }
      int scanned = matcher.scan(at, ends, count);
      if (scanned > count) {
        count = scanned;
        at = ends[count - 1];
        continue;
      }
      boolean found = matcher.findFrom(at);
      int gapEnd = found ? matcher.start() : to;
      if (keepsGaps && gapEnd > at) {
        ends[count++] = gapEnd;
      } else if (gapEnd > at) {
        if (count > 0) {
          sink.accept(text, start, ends, count);
        }
        start = gapEnd;
        count = 0;
      }
      at = gapEnd;
      if (found) {
        at = matcher.end();
        ends[count++] = at;
      }
    }
    if (count > 0) {
      sink.accept(text, start, ends, count);
    }
  }
}
