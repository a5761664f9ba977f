package org.merganser.bpe.train;

/**
 * The order in which pairs are merged, and how ties are broken. {@link MergeQueue} has HF's: the
 * most frequent pair, of equal ones that with the smaller left id, then with the smaller right id.
 * It breaks ties in {@link MergeQueue#before} by {@link PairTable#key}. Other orders keep more
 * counts in addition to those of the {@link PairTable}.
 *
 * <p>{@link MergeLearner} calls {@link #beginRecount}, {@link #addOccurrence} for each place of
 * each pair, and {@link #retain}; then for each merge {@link #next}, {@link #merged}, and {@link
 * #add} for each new pair that the order {@link #keeps}. It calls {@link #retain} again when the
 * table is too large.
 */
public interface MergeOrder {
  /**
   * Removes and returns the record of the pair to merge next; -1 if no pair may be merged.
   *
   * @param recount counts all pairs again, dropped ones included; it calls {@link #beginRecount},
   *     {@link #addOccurrence} and {@link #retain}
   */
  int next(Runnable recount);

  /** Forgets all counts; those of all pairs follow. */
  void beginRecount();

  /** Notes that the pair of a record occurs once more in each word of a run. */
  void addOccurrence(int record, int run);

  /**
   * Keeps about {@code most} pairs in the table, those merged soonest, and orders them again.
   *
   * @param renumbering receives the new number of each kept record
   */
  void retain(int most, PairTable.Renumbering renumbering);

  /** Notes that a pair was merged, before the counts of the adjacent pairs change. */
  void merged(MergedPlaces made, NeighborPairChanges left, NeighborPairChanges right);

  /** Whether the new pair of the merged token and a neighbor is frequent enough to be kept. */
  boolean keeps(NeighborPairChanges side, int symbol);

  /** Adds the new pair of the merged token and a neighbor; the table has its count. */
  void add(int record, NeighborPairChanges side, int symbol);
}
