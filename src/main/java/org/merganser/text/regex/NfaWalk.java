package org.merganser.text.regex;

import java.util.Arrays;

/**
 * Follows the paths of an {@link Nfa} over one symbol, in order: {@link #begin} a walk, add a state
 * to start {@link #from}, and ask for the {@link #next} states until there is none; then another
 * state may be added. No state is visited twice in a walk: a later path through it leads only where
 * an earlier one, which is preferred, has led. Not thread-safe.
 */
final class NfaWalk {
  /** The next path is at the end of a match. */
  static final int MATCHED = -1;

  /** There is no further path. */
  static final int DONE = -2;

  private final Nfa nfa;

  /**
   * The states that are not visited yet, the next one on top. A walk visits each state once and
   * puts at most two others here.
   */
  private final int[] stack;

  /** The number of states on the stack. */
  private int top;

  /** By state, the number of the walk that visited it last. */
  private final int[] lastWalk;

  /** The number of the current walk. */
  private int walk;

  /** The kind of the character before the symbol. */
  private int kind;

  /** The symbol of the current walk. */
  private int symbol;

  NfaWalk(Nfa nfa) {
    this.nfa = nfa;
    stack = new int[2 * nfa.size() + 1];
    lastWalk = new int[nfa.size()];
  }

  /** Begins a walk over a symbol, after a character of a kind. */
  void begin(int newKind, int newSymbol) {
    kind = newKind;
    symbol = newSymbol;
    top = 0;
    if (++walk == 0) { // after 2^32 walks, old numbers would be found again
      Arrays.fill(lastWalk, 0);
      walk = 1;
    }
  }

  /** Adds a state from which paths start. */
  void from(int state) {
    stack[top++] = state;
  }

  /** The state after the symbol on the next path, or {@link #MATCHED}, or {@link #DONE}. */
  int next() {
    while (top > 0) {
      int number = stack[--top];
      if (lastWalk[number] == walk) {
        continue;
      }
      lastWalk[number] = walk;
      RegexState state = nfa.state(number);
      switch (state.operation()) {
        case CHARACTER -> {
          if (nfa.consumes(state, symbol)) {
            return state.first();
          }
        }
        case SPLIT -> {
          stack[top++] = state.second();
          stack[top++] = state.first();
        }
        case TEST -> {
          if (nfa.holds(state, kind, symbol)) {
            stack[top++] = state.first();
          }
        }
        case MATCH -> {
          return MATCHED;
        }
        case ATOMIC, AROUND, MATCH_BEHIND ->
            throw new IllegalStateException(state + " is in no automaton");
      }
    }
    return DONE;
  }
}
