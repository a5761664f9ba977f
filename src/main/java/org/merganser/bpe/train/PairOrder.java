package org.merganser.bpe.train;

/**
 * The order in which pairs are merged. {@link MergeQueue} takes the most frequent pair of all;
 * other orders keep further counts beside those of the {@link PairTable}.
 */
public interface PairOrder {
  /**
   * The record of the pair that is merged next, which is in the order no more; -1 when there is
   * none that may be merged.
   *
   * @param recount counts all pairs anew, those that were dropped too; it calls {@link #startAnew},
   *     {@link #counted} and {@link #retain}
   */
  int next(Runnable recount);

  /** All pairs are counted anew: forgets all. */
  void startAnew();

  /** The pair of a record stands once more in each word of a run. */
  void counted(int record, int run);

  /**
   * Keeps in the table those pairs that are merged soonest, and orders these anew.
   *
   * @param most about so many
   * @param renumbering is told the new numbers of the records
   */
  void retain(int most, PairTable.Renumbering renumbering);

  /** A pair was merged; the counts of the pairs around are changed next. */
  void merged(MergedPlaces made, NeighbourPairChanges left, NeighbourPairChanges right);

  /** Whether the new pair of the merged token and a neighbour is frequent enough to be kept. */
  boolean keeps(NeighbourPairChanges side, int symbol);

  /** The new pair of the merged token and a neighbour is in the table, with its count. */
  void add(int record, NeighbourPairChanges side, int symbol);
}
