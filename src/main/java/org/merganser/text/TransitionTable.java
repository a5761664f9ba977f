package org.merganser.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The transitions of a deterministic automaton that is built while it runs: a row of ints for each
 * state that was met, of bounded size in all. A state goes by the place of its row. For one thread.
 *
 * @param <S> what a state stands for, with {@code equals}
 */
final class TransitionTable<S> {
  /** A transition that wasn't asked for yet. */
  static final int UNKNOWN = -1;

  /** There is no room for a row. */
  static final int FULL = -1;

  private final int width;
  private final int maxCells;
  private final Map<S, Integer> rows = new HashMap<>();
  private final List<S> states = new ArrayList<>();
  private int[] cells;

  /** A table of rows of {@code width} ints, at least two, and of about {@code maxCells} ints. */
  TransitionTable(int width, int maxCells) {
    this.width = width;
    this.maxCells = Math.max(2 * width, maxCells);
    cells = new int[2 * width];
  }

  /** The rows; another array when a row was added. */
  int[] cells() {
    return cells;
  }

  /** The state's row, which is a new one of {@link #UNKNOWN}s if need be, or {@link #FULL}. */
  int row(S state) {
    Integer known = rows.get(state);
    if (known != null) {
      return known;
    }
    int row = states.size() * width;
    if (row + width > maxCells) {
      return FULL;
    }
    if (row + width > cells.length) {
      cells = Arrays.copyOf(cells, Math.min(maxCells, 2 * cells.length));
    }
    Arrays.fill(cells, row, row + width, UNKNOWN);
    rows.put(state, row);
    states.add(state);
    return row;
  }

  /** What the state of a row stands for. */
  S state(int row) {
    return states.get(row / width);
  }

  /** Whether {@code state}, which {@link #state} gave for a row, is that row's still. */
  boolean holds(int row, S state) {
    return row / width < states.size() && states.get(row / width) == state;
  }

  /** Forgets all states. */
  void clear() {
    rows.clear();
    states.clear();
  }
}
