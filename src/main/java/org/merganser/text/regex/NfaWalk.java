package org.merganser.text.regex;

import java.util.Arrays;
import org.merganser.text.regex.Nfa.State;

/**
 * Follows the paths of an {@link Nfa} over one symbol, in order. No state is visited twice: a later
 * path through it would fail like the earlier one. Not thread-safe.
 */
final class NfaWalk {
  static final int MATCHED = -1;

  static final int DONE = -2;

  private final Nfa nfa;
  private final int[] stack;

  private final int[] lastWalk;

  private int walk;
  private int top;
  private int kind;
  private int symbol;

  NfaWalk(Nfa nfa) {
    this.nfa = nfa;
    stack = new int[2 * nfa.size() + 1];
    lastWalk = new int[nfa.size()];
  }

  void begin(int newKind, int newSymbol) {
    kind = newKind;
    symbol = newSymbol;
    top = 0;
    if (++walk == 0) {
      Arrays.fill(lastWalk, 0);
      walk = 1;
    }
  }

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
      State state = nfa.state(number);
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
        case ATOMIC, AROUND -> throw new IllegalStateException(state + " is in no automaton");
      }
    }
    return DONE;
  }
}
