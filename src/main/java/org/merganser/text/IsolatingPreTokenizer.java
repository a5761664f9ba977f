package org.merganser.text;

/**
 * Cuts at what a regex matches and keeps matches and what lies between them, as behaviour Isolated
 * asks: the fast way for a regex that an automaton runs and that doesn't match nothing.
 */
final class IsolatingPreTokenizer implements PreTokenizer {
  private static final int CAPACITY = 512;

  private final DfaMatcher matcher;
  private final int[] ends = new int[CAPACITY];

  IsolatingPreTokenizer(DfaMatcher matcher) {
    this.matcher = matcher;
  }

  @Override
  public void split(byte[] text, int from, int to, boolean first, PretokenSink sink) {
    matcher.reset(text, from, to);
    int start = from;
    int count = 0;
    for (int at = from; at < to; at = ends[count - 1]) {
      if (count + 2 > CAPACITY) {
        sink.accept(text, start, ends, count);
        start = at;
        count = 0;
      }
      int scanned = matcher.scan(at, ends, count);
      count = scanned > count ? scanned : findNext(at, to, count);
    }
    if (count > 0) {
      sink.accept(text, start, ends, count);
    }
  }

  /** Adds the ends of what lies before the next match, if anything does, and of the match. */
  private int findNext(int at, int to, int count) {
    int next = count;
    boolean found = matcher.findFrom(at);
    int gapEnd = found ? matcher.start() : to;
    if (gapEnd > at) {
      ends[next++] = gapEnd;
    }
    if (found) {
      ends[next++] = matcher.end();
    }
    return next;
  }
}
