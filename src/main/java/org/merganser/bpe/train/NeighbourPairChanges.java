package org.merganser.bpe.train;

import org.merganser.bpe.IdBuffer;

/**
 * The changes of pair counts by one merge on one side of the merged token, summed by neighboring
 * symbol, so that the hash table is read once for each neighbor and not for each occurrence.
 *
 * <p>The pair of the neighbor and the part next to it loses as many occurrences as the pair of the
 * neighbor and the merged token gains, so one count serves both.
 */
public final class NeighbourPairChanges {
  private final boolean isLeft;
  private final PairPlaceCounts tally = new PairPlaceCounts();
  private final IdBuffer symbols = new IdBuffer(64);

  NeighbourPairChanges(boolean isLeft) {
    this.isLeft = isLeft;
  }

  public boolean isLeft() {
    return isLeft;
  }

  void ensureIds(int ids) {
    tally.ensure(ids - 1);
  }

  /** Adds an occurrence of the symbol next to the token; the new pair begins at {@code place}. */
  void add(int symbol, int place, long count) {
    if (tally.add(symbol, place, count)) {
      symbols.add(symbol);
    }
  }

  public int size() {
    return symbols.size();
  }

  public int symbol(int i) {
    return symbols.ids()[i];
  }

  public long count(int symbol) {
    return tally.count(symbol);
  }

  PairPlaceCounts tally() {
    return tally;
  }

  void clear() {
    for (int i = 0; i < symbols.size(); i++) {
      tally.clear(symbols.ids()[i]);
    }
    symbols.clear();
  }
}
