package org.merganser.text;

import java.nio.IntBuffer;
import java.util.Arrays;

/**
 * An {@link Nfa} made deterministic while it runs. A state is the ordered list of the NFA's states
 * in which a match may be, best first, none twice, and the kind of the character before. The list
 * ends where a match ends: what stands behind would be tried only if that match failed. So the last
 * place at which a match ends before the list is empty is the end of the match that a backtracking
 * matcher finds (the construction of RE2 and Rust's regex).
 *
 * <p>What a condition asks of the next character is known a character late: a transition over a
 * symbol says whether a match ends before it.
 *
 * <p>When the table of transitions is full it is forgotten and begun anew. For one thread.
 */
final class LazyDfa {
  /** A megabyte. */
  static final int MAX_CELLS = 1 << 18;

  private static final IntBuffer NOTHING = IntBuffer.allocate(0);

  /** The first row of the table is that of the empty list. */
  private static final int DEAD = 0;

  private final Nfa nfa;
  private final CharacterClasses classes;
  private final NfaWalk walk;

  /**
   * By state and symbol: {@code row << 1}, plus 1 if a match ends before the symbol. States are the
   * NFA's in order, and then the kind.
   */
  private final TransitionTable<IntBuffer> table;

  /** By kind. */
  private final int[] startRows;

  private final int[] list;
  private final boolean[] listed;
  private int stopped;

  LazyDfa(Nfa nfa, int maxCells) {
    this.nfa = nfa;
    classes = nfa.classes();
    walk = new NfaWalk(nfa);
    table = new TransitionTable<>(nfa.symbols(), maxCells);
    startRows = new int[nfa.kinds()];
    list = new int[nfa.size() + 1];
    listed = new boolean[nfa.size()];
    forget();
  }

  private void forget() {
    table.clear();
    table.row(NOTHING);
    Arrays.fill(startRows, TransitionTable.UNKNOWN);
  }

  /**
   * The end of the match that starts at {@code from}, or {@link RegexMatcher#NO_MATCH}.
   *
   * @param kind the kind of the character before {@code from}
   */
  int matchEnd(byte[] text, int from, int to, int kind) {
    int row = startRows[kind];
    if (row == TransitionTable.UNKNOWN) {
      row = startRow(kind);
    }
    byte[] ascii = classes.table();
    int[] cells = table.cells();
    int end = RegexMatcher.NO_MATCH;
    int at = from;
    while (at < to) {
      int lead = text[at];
      int symbol = lead >= 0 ? ascii[lead] & 0xFF : classes.at(text, at);
      int transition = cells[row + symbol];
      if (transition <= 1) {
        if (transition == TransitionTable.UNKNOWN) {
          transition = transition(row, symbol);
          cells = table.cells();
        }
        if (transition <= 1) {
          stopped = at;
          return transition == 1 ? at : end;
        }
      }
      if ((transition & 1) != 0) {
        end = at;
      }
      row = transition >> 1;
      at += lead >= 0 ? 1 : CodePoints.length((byte) lead);
    }
    stopped = at;
    int last = cells[row + nfa.end()];
    if (last == TransitionTable.UNKNOWN) {
      last = transition(row, nfa.end());
    }
    return last == 1 ? at : end;
  }

  /** How far the last match was looked for: the last character that was read starts there. */
  int stopped() {
    return stopped;
  }

  private int startRow(int kind) {
    list[0] = nfa.start();
    list[1] = kind;
    startRows[kind] = row(2);
    return startRows[kind];
  }

  /** Works out a transition, and keeps it if its row is still there. */
  private int transition(int row, int symbol) {
    IntBuffer from = table.state(row);
    int kind = from.get(from.limit() - 1);
    boolean matched = false;
    int length = 0;
    walk.begin(kind, symbol);
    for (int i = 0; i < from.limit() - 1 && !matched; i++) {
      walk.from(from.get(i));
      int next = walk.next();
      while (next >= 0) {
        if (!listed[next]) {
          listed[next] = true;
          list[length++] = next;
        }
        next = walk.next();
      }
      matched = next == NfaWalk.MATCHED;
    }
    for (int i = 0; i < length; i++) {
      listed[list[i]] = false;
    }
    int to = DEAD;
    if (length > 0) {
      list[length++] = nfa.kind(symbol);
      to = row(length);
    }
    int transition = to << 1 | (matched ? 1 : 0);
    if (table.holds(row, from)) {
      table.cells()[row + symbol] = transition;
    }
    return transition;
  }

  /** The row of the state that the first {@code length} ints of the list are. */
  private int row(int length) {
    IntBuffer state = IntBuffer.wrap(Arrays.copyOf(list, length));
    int row = table.row(state);
    if (row == TransitionTable.FULL) {
      forget();
      row = table.row(state);
    }
    return row;
  }
}
