package org.merganser.text;

/**
 * Runs an {@link Nfa} over UTF-8 bytes, in time proportional to the length of the text.
 *
 * <p>An attempt runs the {@link LazyDfa} from a place on. It may read far beyond the end of the
 * match, or find none, as {@code \s+\n} does on a text of spaces; and the next attempt reads the
 * same again. So what is read in vain is counted, and when it is out of proportion, the rest of the
 * text is searched along its {@link LiveStates}: slower by the character, but never in vain.
 */
final class DfaMatcher extends RegexMatcher {
  /** Bytes that may be read in vain for each byte of the text that has been searched ... */
  private static final int VAIN_SHARE = 8;

  /** ... and at its beginning. */
  private static final int VAIN_BYTES = 1 << 14;

  private final Nfa nfa;
  private final LazyDfa dfa;
  private final LiveStates live;
  private final NfaWalk walk;

  /** The live states of some regex were too many: without them the matches are the same. */
  private boolean tooManyToTell;

  private boolean alongLive;
  private long bytesInVain;
  private long bytesRead;

  DfaMatcher(Nfa nfa) {
    this(nfa, LazyDfa.MAX_CELLS);
  }

  /** A matcher with its own bound of its tables. */
  DfaMatcher(Nfa nfa, int maxCells) {
    this.nfa = nfa;
    dfa = new LazyDfa(nfa, maxCells);
    live = new LiveStates(nfa, maxCells);
    walk = new NfaWalk(nfa);
  }

  @Override
  public void reset(byte[] newText, int newFrom, int newTo) {
    super.reset(newText, newFrom, newTo);
    alongLive = false;
    bytesInVain = 0;
  }

  /** The bytes that were read since this was made, each as often as it was. */
  long bytesRead() {
    return bytesRead;
  }

  @Override
  int matchEnd(int at) {
    if (alongLive) {
      return matchEndAlongLive(at);
    }
    int end = dfa.matchEnd(text, at, to, nfa.kindBefore(text, from, at));
    int vain = dfa.stopped() - Math.max(at, end);
    if (vain > 0) {
      bytesInVain += vain;
      if (bytesInVain > VAIN_BYTES + (long) VAIN_SHARE * (at - from)) {
        goAlongLive(at);
      }
    }
    bytesRead += dfa.stopped() - at + 1;
    return end;
  }

  /** Searches the text from {@code at} on along its live states, unless they are too many. */
  void goAlongLive(int at) {
    if (!tooManyToTell) {
      alongLive = live.run(text, from, at, to);
      tooManyToTell = !alongLive;
      bytesRead += 2L * (to - at);
    }
  }

  /** Goes the first of the ways that lead to a match, at each character. */
  private int matchEndAlongLive(int from) {
    int state = nfa.start();
    bytesRead++;
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
      bytesRead += next - at;
      at = next;
    }
  }
}
