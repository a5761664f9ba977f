package org.merganser.bpe.train;

import org.merganser.bpe.IdBuffer;

/**
 * The changes of pair counts by one merge on one side of the merged token, summed by neighboring
 * symbol, so that the hash table is read once for each neighbor and not for each occurrence.
 *
 * <p>The pair of the neighbor and the part next to it loses as many occurrences as the pair of the
 * neighbor and the merged token gains, so one count serves both.
 */
public final class NeighborPairChanges {
  private final boolean isLeft;

  /** By neighbor, its count and the size of its places. */
  private final PairPlaceCounts tally = new PairPlaceCounts();

  /** The neighbors, each once, in order of arrival. */
  private final IdBuffer symbols = new IdBuffer(64);

  private NeighborPairChanges(boolean isLeft) {
    this.isLeft = isLeft;
  }

  /** The changes on the left of the merged token, none so far. */
  static NeighborPairChanges onTheLeft() {
    boolean isLeft = true;
    return new NeighborPairChanges(isLeft);
  }

  /** The changes on the right of the merged token, none so far. */
  static NeighborPairChanges onTheRight() {
    boolean isLeft = false;
    return new NeighborPairChanges(isLeft);
  }

  /** Whether the neighbors are on the left of the merged token. */
  public boolean isLeft() {
    return isLeft;
  }

  /** Makes room for neighbors below {@code ids}. */
  void ensureIds(int ids) {
    tally.ensure(ids - 1);
  }

  /** Adds an occurrence of the symbol next to the token; the new pair begins at {@code place}. */
  void add(int symbol, int place, long count) {
    if (tally.add(symbol, place, count)) {
      symbols.add(symbol);
    }
  }

  /** The number of distinct neighbors. */
  public int size() {
    return symbols.size();
  }

  /** A neighbor by its index, from 0 to {@link #size} exclusive. */
  public int symbol(int i) {
    return symbols.ids()[i];
  }

  /** The occurrences of a neighbor. */
  public long count(int symbol) {
    return tally.count(symbol);
  }

  /** By neighbor, its count and the size of its places. */
  PairPlaceCounts tally() {
    return tally;
  }

  /** Removes all neighbors. */
  void clear() {
    for (int i = 0; i < symbols.size(); i++) {
      tally.clear(symbols.ids()[i]);
    }
    symbols.clear();
  }
}
