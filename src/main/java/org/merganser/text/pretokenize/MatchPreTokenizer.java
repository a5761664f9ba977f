package org.merganser.text.pretokenize;

import org.merganser.text.regex.DfaMatcher;

/**
 * The pretokens are the matches of a regex, with the gaps between them (behavior Isolated) or
 * without (Removed, inverted). This is the fast path for a regex that an automaton runs and that
 * cannot match the empty string.
 */
public final class MatchPreTokenizer implements PreTokenizer {
  private final DfaMatcher matcher;
  private final boolean keepsGaps;

  /** The ends of the adjacent pretokens that the sink has not received yet. */
  private final int[] ends = new int[PretokenBatch.CAPACITY];

  /** The number of these pretokens. */
  private int count;

  /** Where the first of these pretokens begins. */
  private int start;

  /**
   * @param keepsGaps whether the gaps between matches are pretokens as well
   */
  public MatchPreTokenizer(DfaMatcher matcher, boolean keepsGaps) {
    this.matcher = matcher;
    this.keepsGaps = keepsGaps;
  }

  @Override
  public void split(byte[] text, int from, int to, boolean first, PretokenSink sink) {
    matcher.reset(text, from, to);
    start = from;
    count = 0;
    int at = from;
    while (at < to) {
      if (count + 2 > PretokenBatch.CAPACITY) { // a gap and a match may follow
        flush(text, at, sink);
      }
      int scanned = matcher.scan(at, ends, count);
      if (scanned > count) {
        count = scanned;
        at = ends[count - 1];
      } else {
        at = addNextMatch(text, at, to, sink);
      }
    }
    flush(text, to, sink);
  }

  /** Adds the gap from {@code at} on and the match after it; returns the end of both. */
  private int addNextMatch(byte[] text, int at, int to, PretokenSink sink) {
    boolean found = matcher.findFrom(at);
    int gapEnd = found ? matcher.start() : to;
    if (gapEnd > at) {
      if (keepsGaps) {
        ends[count++] = gapEnd;
      } else {
        flush(text, gapEnd, sink);
      }
    }
    if (!found) {
      return gapEnd;
    }
    ends[count++] = matcher.end();
    return matcher.end();
  }

  /** Passes the pretokens to the sink; the next one begins at {@code next}. */
  private void flush(byte[] text, int next, PretokenSink sink) {
    if (count > 0) {
      sink.accept(text, start, ends, count);
    }
    start = next;
    count = 0;
  }
}
