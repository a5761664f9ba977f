package org.merganser.text.regex;

import java.nio.IntBuffer;
import java.util.Arrays;
import org.merganser.text.unicode.CodePoints;

/**
 * An {@link Nfa} made deterministic lazily. A state is the ordered list of the NFA's states in
 * which a match may be, in order of preference, without duplicates, plus the kind of the preceding
 * character. The list ends where a match ends, since a backtracking matcher would try later states
 * only if that match failed. So the last match end before the list becomes empty is the end that a
 * backtracking matcher finds (the construction of RE2 and Rust's regex).
 *
 * <p>A condition on the next character is decided one character later: a transition over a symbol
 * has a bit for a match that ends before the symbol.
 *
 * <p>A full transition table is cleared. Not thread-safe.
 */
final class LazyDfa {
  /** The maximum number of ints in a table of transitions: two megabytes. */
  static final int MAX_SIZE = 1 << 19;

  /** The empty list of states. */
  private static final IntBuffer NOTHING = IntBuffer.allocate(0);

  /** The row of the empty list, which is the first one. */
  private static final int EMPTY_ROW = 0;

  // A transition is the row of the next state, shifted by ROW_SHIFT, with the bits ENDS and NEXT.

  /** The bit of a transition at which a match ends before the symbol. */
  private static final int ENDS = 1;

  /**
   * The bit of a transition at which the match ends before the symbol, and the row is where the
   * symbol leads from the start, for the next match.
   */
  private static final int NEXT = 1 << 1;

  private static final int ROW_SHIFT = 2;

  /** Transitions below this lead to {@link #EMPTY_ROW}, or are {@link TransitionTable#UNKNOWN}. */
  private static final int LIVE = 1 << ROW_SHIFT;

  private final Nfa nfa;
  private final CharacterClasses classes;
  private final NfaWalk walk;

  /** By state and symbol, the transition. */
  private final TransitionTable<IntBuffer> table;

  /** By kind of the preceding character, the row in which a match starts. */
  private final int[] startRows;

  /** Scratch space: the list of the next state, then its kind. */
  private final int[] list;

  /** Scratch space: whether a state of the NFA is in the list. */
  private final boolean[] listed;

  /** The bytes read outside of matches, over all texts. */
  private long bytesInVain;

  /**
   * @param maxSize the maximum of ints in the table of transitions
   */
  LazyDfa(Nfa nfa, int maxSize) {
    this.nfa = nfa;
    classes = nfa.classes();
    walk = new NfaWalk(nfa);
    table = new TransitionTable<>(nfa.symbols(), maxSize);
    startRows = new int[nfa.kinds()];
    list = new int[nfa.size() + 1];
    listed = new boolean[nfa.size()];
    forget();
  }

  /** Clears the table, in which only the empty list remains. */
  private void forget() {
    table.clear();
    table.row(NOTHING, 0);
    Arrays.fill(startRows, TransitionTable.UNKNOWN);
  }

  /** The bytes read outside of matches: those of failed attempts and those after a match. */
  long bytesInVain() {
    return bytesInVain;
  }

  /**
   * The end of the match at {@code from}, where the character before has {@code kind}, or {@link
   * RegexMatcher#NO_MATCH}.
   */
  int matchEnd(byte[] text, int from, int to, int kind) {
    int row = startRow(kind);
    int end = RegexMatcher.NO_MATCH;
    int at = from;
    while (true) {
      int transition = transition(row, nfa.symbol(text, at, to));
      if (transition == ENDS || (transition & NEXT) != 0) {
        return at;
      }
      if (transition < LIVE) {
        bytesInVain += at - Math.max(from, end);
        return end;
      }
      if ((transition & ENDS) != 0) {
        end = at;
      }
      row = transition >> ROW_SHIFT;
      at += CodePoints.length(text[at]);
    }
  }

  /**
   * Writes the ends of matches that follow each other without a gap from {@code ends[count]} on,
   * until none follows, the array is full, or {@link #bytesInVain} exceeds a bound. The regex must
   * not match the empty string.
   *
   * <p>The inner loop runs through many matches: {@link #NEXT} leads from one to the next. It ends
   * at a transition without a next state, where the last match end that was seen counts.
   *
   * @param from where the first of them starts, after a character of {@code kind}
   * @return the new count
   */
  int scan(byte[] text, int from, int to, int kind, int[] ends, int count, long mostInVain) {
    int start = from;
    int found = count;
    while (found < ends.length && bytesInVain <= mostInVain) {
      int row = startRow(found == count ? kind : nfa.kindBefore(text, from, start));
      int[] cells = table.cells();
      int transition = LIVE; // nothing has failed yet
      int end = start;
      int at = start;
      while (at < to && found < ends.length) {
        int symbol = classes.classAt(text, at);
        transition = cells[row + symbol];
        if (transition < LIVE) {
          transition = transition(row, symbol);
          cells = table.cells();
          if (transition < LIVE) {
            break;
          }
        }
        // Written always and kept if NEXT is set: a branch would be mispredicted.
        ends[found] = at;
        found += (transition >> 1) & 1; // the bit NEXT
        end = (transition & ENDS) != 0 ? at : end;
        row = transition >> ROW_SHIFT;
        at += CodePoints.length(text[at]);
      }
      if (found == ends.length) {
        break;
      }
      if (transition >= LIVE) {
        transition = transition(row, nfa.end());
      }
      start = found == count ? from : ends[found - 1];
      end = transition == ENDS ? at : end;
      bytesInVain += at - Math.max(start, end);
      if (end <= start) {
        break;
      }
      ends[found++] = end;
      start = end;
    }
    return found;
  }

  /** The row in which a match starts after a character of a kind. */
  private int startRow(int kind) {
    if (startRows[kind] == TransitionTable.UNKNOWN) {
      list[0] = nfa.start();
      list[1] = kind;
      startRows[kind] = row(2);
    }
    return startRows[kind];
  }

  /**
   * The transition of a row over a symbol: from the table, or computed and then stored, unless the
   * table was cleared meanwhile and the row belongs to another state.
   */
  private int transition(int row, int symbol) {
    int known = table.cells()[row + symbol];
    if (known != TransitionTable.UNKNOWN) {
      return known;
    }
    IntBuffer from = table.state(row);
    int kind = from.get(from.limit() - 1); // the last int of a state
    int transition = compute(from, kind, symbol);
    if (transition == ENDS && symbol != nfa.end()) {
      IntBuffer startList = IntBuffer.wrap(new int[] {nfa.start(), kind});
      int following = compute(startList, kind, symbol);
      boolean continues = following >= LIVE && (following & ENDS) == 0;
      transition = continues ? following | NEXT : ENDS;
    }
    if (table.holds(row, from)) {
      table.cells()[row + symbol] = transition;
    }
    return transition;
  }

  /**
   * The transition of a state over a symbol, without {@link #NEXT}: the states that its states lead
   * to, in order, up to the first that is the end of a match.
   */
  private int compute(IntBuffer from, int kind, int symbol) {
    boolean ends = false;
    int length = 0;
    walk.begin(kind, symbol);
    for (int i = 0; i < from.limit() - 1 && !ends; i++) {
      walk.from(from.get(i));
      int next = walk.next();
      while (next >= 0) {
        if (!listed[next]) {
          listed[next] = true;
          list[length++] = next;
        }
        next = walk.next();
      }
      ends = next == NfaWalk.MATCHED;
    }
    for (int i = 0; i < length; i++) {
      listed[list[i]] = false;
    }
    int row = EMPTY_ROW;
    if (length > 0) {
      list[length++] = nfa.kind(symbol);
      row = row(length);
    }
    return (row << ROW_SHIFT) | (ends ? ENDS : 0);
  }

  /** The row of the state in the first {@code length} ints of {@link #list}. */
  private int row(int length) {
    IntBuffer state = IntBuffer.wrap(Arrays.copyOf(list, length));
    int row = table.row(state, length);
    if (row == TransitionTable.FULL) {
      forget();
      row = table.row(state, length);
    }
    return row;
  }
}
