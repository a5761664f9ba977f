package org.merganser.bpe.train;

import java.util.Arrays;

/**
 * The changes of counts by one merge on one side of the merged token, summed by neighbouring
 * symbol, so that the hash table is read once for each neighbour and not for each occurrence.
 *
 * <p>The pair of the neighbour and the part beside it loses as many occurrences as the pair of the
 * neighbour and the merged token gains, so one count serves both.
 */
public final class NeighbourPairChanges {
  private final boolean isLeft;
  private final PairPlaceCounts tally = new PairPlaceCounts();
  private int[] symbols = new int[64];
  private int size;

  NeighbourPairChanges(boolean isLeft) {
    this.isLeft = isLeft;
  }

  /** Whether these are the neighbours to the left of the merged token. */
  public boolean isLeft() {
    return isLeft;
  }

  /** Makes room for symbols below {@code ids}. */
  void ensureIds(int ids) {
    tally.ensure(ids - 1);
  }

  /** Adds an occurrence of the symbol beside the token; the new pair begins at {@code place}. */
  void add(int symbol, int place, long count) {
    if (tally.add(symbol, place, count)) {
      if (size == symbols.length) {
        symbols = Arrays.copyOf(symbols, 2 * size);
      }
      symbols[size++] = symbol;
    }
  }

  public int size() {
    return size;
  }

  public int symbol(int i) {
    return symbols[i];
  }

  /** How often a symbol is beside the merged token. */
  public long count(int symbol) {
    return tally.count(symbol);
  }

  /** Counts and lists of the new pairs, by neighbour. */
  PairPlaceCounts tally() {
    return tally;
  }

  void clear() {
    for (int i = 0; i < size; i++) {
      tally.clear(symbols[i]);
    }
    size = 0;
  }
}
