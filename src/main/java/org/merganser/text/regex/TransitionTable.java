package org.merganser.text.regex;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The transitions of a lazily built deterministic automaton: a row of ints for each state that
 * occurred. A row is identified by its offset in {@link #cells}. Rows and states together have
 * bounded size. Not thread-safe.
 *
 * @param <S> the value of a state, with {@code equals}
 */
final class TransitionTable<S> {
  /** The cell of a transition that was not computed yet. */
  static final int UNKNOWN = -1;

  /** In place of a row: the table has no room for it. */
  static final int FULL = -1;

  /** The ints of a row. */
  private final int width;

  /** The maximum of {@link #size}. */
  private final int maxSize;

  /** By state, its row. */
  private final Map<S, Integer> rows = new HashMap<>();

  /** The states in the order of their rows. */
  private final List<S> states = new ArrayList<>();

  /** The rows, one after the other. */
  private int[] cells;

  /** The ints of all rows and states. */
  private long size;

  /**
   * @param width the ints of a row
   * @param maxSize the maximum of ints in all rows and states; two states always have room
   */
  TransitionTable(int width, int maxSize) {
    this.width = width;
    this.maxSize = maxSize;
    cells = new int[2 * width];
  }

  /** The rows, one after the other. {@link #row} may replace the array. */
  int[] cells() {
    return cells;
  }

  /**
   * The row of a state, which is added if it is new, with all transitions {@link #UNKNOWN}.
   *
   * @param stateSize the ints that the state takes
   * @return {@link #FULL} if the table has no room for a new state; the table is then unchanged
   */
  int row(S state, int stateSize) {
    Integer known = rows.get(state);
    if (known != null) {
      return known;
    }
    int row = states.size() * width;
    long newSize = size + width + stateSize;
    if (newSize > maxSize && states.size() >= 2) {
      return FULL;
    }
    size = newSize;
    if (row + width > cells.length) {
      cells = Arrays.copyOf(cells, 2 * cells.length);
    }
    Arrays.fill(cells, row, row + width, UNKNOWN);
    rows.put(state, row);
    states.add(state);
    return row;
  }

  /** The state of a row. */
  S state(int row) {
    return states.get(row / width);
  }

  /** Whether the row still belongs to {@code state}, which {@link #state} returned for it. */
  boolean holds(int row, S state) {
    return row / width < states.size() && states.get(row / width) == state;
  }

  /** Removes all rows. */
  void clear() {
    rows.clear();
    states.clear();
    size = 0;
  }
}
