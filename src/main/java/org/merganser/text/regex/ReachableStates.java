package org.merganser.text.regex;

import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All states of the deterministic automaton that {@link LazyDfa} builds while it runs: the ordered
 * lists of an {@link Nfa}'s states that some text leads to, each with the kind of the character
 * before. They are worked out at once, for proofs about every text.
 */
final class ReachableStates {
  /** The state without a way. */
  static final int DEAD = 0;

  /** A bound of states times symbols times states of the NFA: some tenths of a second. */
  private static final long MAX_WORK = 1 << 26;

  private static final int MAX_STATES = 4096;
  private static final int NO_ROOM = -1;

  private final Nfa nfa;
  private final NfaWalk walk;
  private final int maxStates;
  private final List<IntBuffer> states = new ArrayList<>();
  private final Map<IntBuffer, Integer> numbers = new HashMap<>();

  /** By state and symbol. */
  private final List<int[]> next = new ArrayList<>();

  private final List<BitSet> ends = new ArrayList<>();

  /** By kind. */
  private final int[] starts;

  private ReachableStates(Nfa nfa) {
    this.nfa = nfa;
    walk = new NfaWalk(nfa);
    maxStates = (int) Math.min(MAX_STATES, MAX_WORK / ((long) nfa.symbols() * nfa.size()));
    starts = new int[nfa.kinds()];
  }

  /** The states of a regex; nothing where they are too many. */
  static Optional<ReachableStates> of(Nfa nfa) {
    ReachableStates states = new ReachableStates(nfa);
    return states.explore() ? Optional.of(states) : Optional.empty();
  }

  /** The number of states. */
  int count() {
    return states.size();
  }

  /** The state in which an attempt starts behind a character of a kind. */
  int start(int kind) {
    return starts[kind];
  }

  /** The state behind a symbol, or {@link #DEAD}. */
  int next(int state, int symbol) {
    return next.get(state)[symbol];
  }

  /** Whether a match ends before a symbol. */
  boolean ends(int state, int symbol) {
    return ends.get(state).get(symbol);
  }

  /** The states that a symbol leads to, without {@link #DEAD}. */
  BitSet enteredOver(int symbol) {
    BitSet entered = new BitSet();
    for (int[] row : next) {
      entered.set(row[symbol]);
    }
    entered.clear(DEAD);
    return entered;
  }

  /**
   * The states from which a match is found whatever follows: the largest set whose every state, for
   * each symbol, ends a match before it or goes on in the set, and ends a match before the end of
   * the text. Every text ends, so no state of the set can go on for ever without a match.
   */
  BitSet certain() {
    BitSet certain = new BitSet();
    certain.set(0, states.size());
    certain.clear(DEAD);
    boolean changed = true;
    while (changed) {
      changed = false;
      for (int state = certain.nextSetBit(0); state >= 0; state = certain.nextSetBit(state + 1)) {
        boolean holds = ends(state, nfa.end());
        for (int symbol = 0; symbol < nfa.end() && holds; symbol++) {
          holds = ends(state, symbol) || certain.get(next(state, symbol));
        }
        if (!holds) {
          certain.clear(state);
          changed = true;
        }
      }
    }
    return certain;
  }

  private boolean explore() {
    number(IntBuffer.allocate(0));
    for (int kind = 0; kind < starts.length; kind++) {
      starts[kind] = number(IntBuffer.wrap(new int[] {nfa.start(), kind}));
      if (starts[kind] == NO_ROOM) {
        return false;
      }
    }
    for (int state = 0; state < states.size(); state++) {
      int[] row = new int[nfa.symbols()];
      BitSet ending = new BitSet();
      for (int symbol = 0; symbol < row.length && state != DEAD; symbol++) {
        row[symbol] = step(states.get(state), symbol, ending);
        if (row[symbol] == NO_ROOM) {
          return false;
        }
      }
      next.add(row);
      ends.add(ending);
    }
    return true;
  }

  private int number(IntBuffer state) {
    Integer known = numbers.get(state);
    if (known != null) {
      return known;
    }
    if (states.size() >= maxStates) {
      return NO_ROOM;
    }
    numbers.put(state, states.size());
    states.add(state);
    return states.size() - 1;
  }

  /** Follows the ways of a state over a symbol, in order, up to the first that ends a match. */
  private int step(IntBuffer from, int symbol, BitSet ending) {
    int ways = from.limit() - 1;
    int[] list = new int[nfa.size() + 1];
    BitSet listed = new BitSet();
    int length = 0;
    boolean matched = false;
    walk.begin(from.get(ways), symbol);
    for (int i = 0; i < ways && !matched; i++) {
      walk.from(from.get(i));
      int reached = walk.next();
      while (reached >= 0) {
        if (!listed.get(reached)) {
          listed.set(reached);
          list[length++] = reached;
        }
        reached = walk.next();
      }
      matched = reached == NfaWalk.MATCHED;
    }
    ending.set(symbol, matched);
    if (length == 0) {
      return DEAD;
    }
    list[length++] = nfa.kind(symbol);
    return number(IntBuffer.wrap(Arrays.copyOf(list, length)));
  }
}
