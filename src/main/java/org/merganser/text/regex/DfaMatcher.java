package org.merganser.text.regex;

import org.merganser.text.unicode.CodePoints;

/**
 * Runs an {@link Nfa} over UTF-8 bytes, in time proportional to the length of the text.
 *
 * <p>An attempt runs the {@link LazyDfa} from a place on. It may read far beyond the end of the
 * match, or find none, as {@code \s+ } does on a text of spaces; and the next attempt may read the
 * same text again. So the bytes outside of matches are counted, and when they are too many, the
 * rest of the text is searched with its {@link LiveStates}: this is slower for each character, but
 * reads none in vain. The time has no such bound where the live states do not fit their table.
 *
 * <p>These variants were not faster: a separate loop for ASCII, transitions by two characters, and
 * skipping the bytes at which a state stays the same.
 */
public final class DfaMatcher extends RegexMatcher {
  /** Bytes that may be read without a match for each searched byte of the text ... */
  private static final int VAIN_SHARE = 8;

  /** ... and at its beginning. */
  private static final int VAIN_BYTES = 1 << 14;

  private final Nfa nfa;

  private final LazyDfa dfa;
  private final LiveStates live;
  private final NfaWalk walk;

  /** Whether the live states were too many for their table; the matches are the same without. */
  private boolean tooManyLiveStates;

  private boolean usesLiveStates;

  /** Bytes that the DFA may read without a match at the beginning of the text. */
  private long mostInVain;

  private long bytesForLive;

  DfaMatcher(Nfa nfa) {
    this(nfa, LazyDfa.MAX_SIZE);
  }

  /** A matcher with its own bound of its tables. */
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
    mostInVain = dfa.bytesInVain() + VAIN_BYTES;
  }

  /** The bytes that were read outside of the matches found, counted each time they were read. */
  long bytesInVain() {
    return dfa.bytesInVain() + bytesForLive;
  }

  /**
   * Writes the ends of matches that follow each other without a gap from {@code ends[count]} on, as
   * many as are found at once. The regex must not match the empty string.
   *
   * @param at where the first of them starts
   * @return the new count; if it is the old one, a match may start there nevertheless
   */
  public int scan(int at, int[] ends, int count) {
    return usesLiveStates
        ? count
        : dfa.scan(text, at, to, nfa.kindBefore(text, from, at), ends, count, mostInVain(at));
  }

  @Override
  int matchEnd(int at) {
    if (usesLiveStates) {
      return matchEndByLiveStates(at);
    }
    int end = dfa.matchEnd(text, at, to, nfa.kindBefore(text, from, at));
    if (dfa.bytesInVain() > mostInVain(at)) {
      searchLiveStates(at);
    }
    return end;
  }

  private long mostInVain(int at) {
    return mostInVain + (long) VAIN_SHARE * (at - from);
  }

  /** Searches the text from {@code at} on along its live states, unless they are too many. */
  void searchLiveStates(int at) {
    if (!tooManyLiveStates) {
      usesLiveStates = live.run(text, from, at, to);
      tooManyLiveStates = !usesLiveStates;
      bytesForLive += 2L * (to - at);
    }
  }

  /** Takes at each character the first of the paths that lead to a match. */
  private int matchEndByLiveStates(int from) {
    int state = nfa.start();
    if (!live.contains(state, from)) {
      return NO_MATCH;
    }
    int at = from;
    while (true) {
      int next = at < to ? at + CodePoints.length(text[at]) : to + 1;
      walk.begin(nfa.kindBefore(text, this.from, at), nfa.symbol(text, at, to));
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
