package org.merganser.bpe.train;

/**
 * The order in which pairs are merged. {@link MergeQueue} takes the most frequent pair of all;
 * other orders keep further counts beside those of the {@link PairTable}.
 */
public interface PairOrder {
  /**
   * The record of the pair that is merged next, which leaves the order; -1 when no pair may be
   * merged.
   *
   * @param recount counts all pairs anew, those that were dropped too; it calls {@link #startAnew},
   *     {@link #counted} and {@link #retain}
   */
  int next(Runnable recount);

  /** Forgets all pairs, since they are about to be counted anew. */
  void startAnew();

  /** Notes that the pair of a record occurs once more in each word of a run. */
  void counted(int record, int run);

  /**
   * Keeps in the table those pairs that are merged soonest, and orders these anew.
   *
   * @param most about how many
   * @param renumbering receives the new numbers of the records
   */
  void retain(int most, PairTable.Renumbering renumbering);

  /** Notes that a pair was merged, before the counts of the neighbouring pairs change. */
  void merged(MergedPlaces made, NeighbourPairChanges left, NeighbourPairChanges right);

  /** Whether the new pair of the merged token and a neighbour is frequent enough to be kept. */
  boolean keeps(NeighbourPairChanges side, int symbol);

  /** Adds the new pair of the merged token and a neighbour; the table has its count. */
  void add(int record, NeighbourPairChanges side, int symbol);
}
