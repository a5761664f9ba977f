package org.merganser.text.regex;

import java.util.BitSet;
import org.merganser.text.unicode.CodePoints;

/**
 * Finds, for every place of a text, the states of an {@link Nfa} that can still reach a match, by
 * one run from the end of the text to its beginning. A search that uses them never takes a path
 * without a match.
 *
 * <p>The live states of a place follow from those of the next place and the adjacent characters, by
 * another lazily built deterministic automaton. Its state is stored at every {@link #BLOCK}th
 * place; a requested block is computed again, so that requests from left to right run over the text
 * twice. Not thread-safe.
 */
final class LiveStates {
  /**
   * The bytes of a block. The first place of block n is that of the first character at or after
   * byte {@code n * BLOCK} of the searched part.
   */
  private static final int BLOCK = 4096;

  /** The live states after the end of the text. */
  private static final BitSet NOTHING = new BitSet();

  private final Nfa nfa;

  /** By live states of the next place, symbol, and kind of the preceding character. */
  private final TransitionTable<BitSet> table;

  private byte[] text = new byte[0];

  /** Where the text begins. */
  private int textFrom;

  /** Where the part begins over which {@link #run} ran; block 0 begins here. */
  private int from;

  /** Where the part and the text end. */
  private int to;

  /** By block, the row of its first place. */
  private int[] blockRows = new int[0];

  /**
   * The rows of the places of the current block, by distance from its first place. The last block
   * also has the end of the text, and a block ends up to three bytes late, with a character.
   */
  private final int[] rows = new int[BLOCK + 4];

  /** The block whose places {@link #rows} has. */
  private int block;

  /**
   * @param maxSize the maximum of ints in the table of transitions
   */
  LiveStates(Nfa nfa, int maxSize) {
    this.nfa = nfa;
    table = new TransitionTable<>(nfa.symbols() * nfa.kinds(), maxSize);
  }

  /**
   * Runs over {@code newText[newFrom, newTo)}, the last part of the text that begins at {@code
   * newTextFrom}. {@link #rows} then has the places of block 0.
   *
   * @return false if the table became too large; {@link #contains} then has no meaning
   */
  boolean run(byte[] newText, int newTextFrom, int newFrom, int newTo) {
    text = newText;
    textFrom = newTextFrom;
    from = newFrom;
    to = newTo;
    table.clear();
    blockRows = new int[(to - from) / BLOCK + 1];
    int row = table.row(NOTHING, 0);
    for (int i = blockRows.length - 1; i >= 0; i--) {
      row = fill(i, row);
      blockRows[i] = row;
      if (row == TransitionTable.FULL) {
        return false;
      }
    }
    return true;
  }

  /**
   * Whether a state can reach a match from a place in {@code [from, to]}. Call it only after a
   * {@link #run} that returned true: a block that is computed again then finds all its transitions
   * in the table.
   */
  boolean contains(int state, int at) {
    int wanted = (at - from) / BLOCK;
    if (wanted != block) {
      boolean isLast = wanted + 1 == blockRows.length;
      fill(wanted, isLast ? table.row(NOTHING, 0) : blockRows[wanted + 1]);
    }
    return table.state(rows[at - firstPlace(block)]).get(state);
  }

  /** Computes a block; returns the row of its first place, or {@link TransitionTable#FULL}. */
  private int fill(int newBlock, int rowAfter) {
    block = newBlock;
    int first = firstPlace(block);
    int at = block + 1 < blockRows.length ? firstPlace(block + 1) : to + 1;
    int row = rowAfter;
    while (at > first && row != TransitionTable.FULL) {
      at = at > to ? to : CodePoints.before(text, at);
      row = rowBefore(row, at);
      rows[at - first] = row;
    }
    return row;
  }

  /** Where the first character that begins in a block begins; {@link #to} if there is none. */
  private int firstPlace(int ofBlock) {
    int at = from + ofBlock * BLOCK;
    while (at < to && CodePoints.isContinuation(text[at])) {
      at++;
    }
    return at;
  }

  /**
   * The row of the place {@code at} from that of the next place, or {@link TransitionTable#FULL}.
   */
  private int rowBefore(int nextRow, int at) {
    int symbol = nfa.symbol(text, at, to);
    int kind = nfa.kindBefore(text, textFrom, at);
    int cell = nextRow + symbol * nfa.kinds() + kind;
    int row = table.cells()[cell];
    if (row == TransitionTable.UNKNOWN) {
      int stateSize = nfa.size() / Integer.SIZE; // the ints of a BitSet
      row = table.row(live(table.state(nextRow), kind, symbol), stateSize);
      if (row != TransitionTable.FULL) {
        table.cells()[cell] = row;
      }
    }
    return row;
  }

  /**
   * The live states of a place from those of the next one, after a character of {@code kind} and
   * before {@code symbol}.
   */
  private BitSet live(BitSet next, int kind, int symbol) {
    BitSet live = new BitSet(nfa.size());
    int before;
    do { // repeated if a loop is live through its body
      before = live.cardinality();
      for (int number = 0; number < nfa.size(); number++) {
        RegexState state = nfa.state(number);
        boolean isLive =
            switch (state.operation()) {
              case CHARACTER -> nfa.consumes(state, symbol) && next.get(state.first());
              case SPLIT -> live.get(state.first()) || live.get(state.second());
              case TEST -> nfa.holds(state, kind, symbol) && live.get(state.first());
              case MATCH -> true;
              case ATOMIC, AROUND, MATCH_BEHIND ->
                  throw new IllegalStateException(state + " is in no automaton");
            };
        live.set(number, isLive);
      }
    } while (live.cardinality() > before);
    return live;
  }
}
