package org.merganser.text.regex;

import org.merganser.text.unicode.CodePoints;

/**
 * Runs an {@link Nfa} over UTF-8 bytes, in time proportional to the length of the text unless its
 * live states do not fit their table.
 *
 * <p>An attempt runs the {@link LazyDfa} from a place on. It may read far beyond the end of the
 * match, or find none, as {@code \s+\n} does on spaces, and the next attempt may read the same text
 * again. So bytes read outside of matches are counted. If they are too many, the rest of the text
 * is searched with its {@link LiveStates}: slower for each character, but without wasted reads.
 *
 * <p>Measured and not faster: a separate loop for ASCII, transitions by two characters, and
 * skipping bytes at which a state stays the same.
 */
public final class DfaMatcher extends RegexMatcher {
  /** The number of bytes that may be read outside of matches for each byte of text so far. */
  private static final int VAIN_SHARE = 8;

  /** The number of bytes that may be read outside of matches once in each text, in addition. */
  private static final int VAIN_BYTES = 1 << 14;

  private final Nfa nfa;
  private final LazyDfa dfa;
  private final LiveStates live;

  /** Scratch space of {@link #matchEndByLiveStates}. */
  private final NfaWalk walk;

  /**
   * Whether the live states of some text did not fit their table, so that they are not tried again;
   * the matches are the same without them.
   */
  private boolean tooManyLiveStates;

  /** Whether the rest of the current text is searched by its live states. */
  private boolean usesLiveStates;

  /**
   * The maximum of {@link LazyDfa#bytesInVain}, which counts over all texts, at the beginning of
   * the current text.
   */
  private long mostInVainAtStart;

  /** The bytes read for live states, by two runs over the text. */
  private long bytesForLive;

  /**
   * @param maxSize the maximum of ints in each table of transitions
   */
  DfaMatcher(Nfa nfa, int maxSize) {
    super(nfa.firstBytes());
    this.nfa = nfa;
    dfa = new LazyDfa(nfa, maxSize);
    live = new LiveStates(nfa, maxSize);
    walk = new NfaWalk(nfa);
  }

  @Override
  public void reset(byte[] newText, int newFrom, int newTo) {
    super.reset(newText, newFrom, newTo);
    usesLiveStates = false;
    mostInVainAtStart = dfa.bytesInVain() + VAIN_BYTES;
  }

  /** The bytes read outside of the matches found, counted at each read; for tests. */
  long bytesInVain() {
    return dfa.bytesInVain() + bytesForLive;
  }

  /**
   * Writes the ends of adjacent matches from {@code ends[count]} on, as many as {@link LazyDfa}
   * finds at once. The regex must not match the empty string.
   *
   * @param at where the first match starts
   * @return the new count; if it equals {@code count}, a match may start there nevertheless
   */
  public int scan(int at, int[] ends, int count) {
    if (usesLiveStates) {
      return count;
    }
    int kind = nfa.kindBefore(text, from, at);
    return dfa.scan(text, at, to, kind, ends, count, mostInVain(at));
  }

  @Override
  int matchEnd(int at) {
    if (usesLiveStates) {
      return matchEndByLiveStates(at);
    }
    int end = dfa.matchEnd(text, at, to, nfa.kindBefore(text, from, at));
    if (dfa.bytesInVain() > mostInVain(at)) {
      beginLiveStates(at);
    }
    return end;
  }

  /** The maximum of {@link LazyDfa#bytesInVain} at a place of the current text. */
  private long mostInVain(int at) {
    return mostInVainAtStart + (long) VAIN_SHARE * (at - from);
  }

  /**
   * Computes the live states of the text from {@code at} on, by which the rest is then searched;
   * does nothing if they do not fit their table.
   */
  void beginLiveStates(int at) {
    if (!tooManyLiveStates) {
      usesLiveStates = live.run(text, from, at, to);
      tooManyLiveStates = !usesLiveStates;
      bytesForLive += 2L * (to - at);
    }
  }

  /** As {@link #matchEnd}: takes at each character the first path that leads to a match. */
  private int matchEndByLiveStates(int first) {
    int state = nfa.start();
    if (!live.contains(state, first)) {
      return NO_MATCH;
    }
    int at = first;
    while (true) {
      int next = at < to ? at + CodePoints.length(text[at]) : to + 1;
      walk.begin(nfa.kindBefore(text, from, at), nfa.symbol(text, at, to));
      walk.from(state);
      do {
        state = walk.next();
      } while (state >= 0 && !live.contains(state, next));
      if (state == NfaWalk.MATCHED) {
        return at;
      }
      at = next;
    }
  }
}
