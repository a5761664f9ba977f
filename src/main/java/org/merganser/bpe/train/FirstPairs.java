package org.merganser.bpe.train;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Counts the pairs of all words and lists their places in two passes: {@link #count} has the counts
 * and the sizes of the lists, {@link #writeLists} writes the lists. In between, {@link
 * MergeLearner} drops the rare pairs. Pairs of symbols below {@link #DENSE}, at first nearly all,
 * are looked up in a square table before the hash table.
 */
final class FirstPairs {
  /** Symbols below this are in the square table: the alphabet, unless many ids precede it. */
  private static final int DENSE = 512;

  /** In the square table, a pair that was not met yet. */
  private static final int UNKNOWN = 0;

  /** In the square table, a pair without a record. */
  private static final int DROPPED = -1;

  private final PretokenSymbols words;
  private final PairTable pairs;

  /** By symbol, the number of its cells. */
  private final int[] lengths;

  private final PairRule rule;

  /** At {@code left * DENSE + right}, the record + 1, {@link #UNKNOWN} or {@link #DROPPED}. */
  private final int[] dense = new int[DENSE * DENSE];

  /**
   * @param pairs an empty table
   * @param lengths cells of each symbol
   */
  FirstPairs(PretokenSymbols words, PairTable pairs, int[] lengths, PairRule rule) {
    this.words = words;
    this.pairs = pairs;
    this.lengths = lengths;
    this.rule = rule;
  }

  /**
   * The first pass: fills the empty table with all pairs that the rule allows and their counts,
   * marked as queued, and passes each occurrence to the order.
   *
   * @return by record, the count and the size of its places
   */
  PairPlaceCounts count(MergeOrder order) {
    PairPlaceCounts tally = new PairPlaceCounts();
    char[] noTarget = {};
    visitPlaces(tally, order, noTarget);
    for (int record = 0; record < pairs.size(); record++) {
      pairs.addToCount(record, tally.count(record));
      pairs.setQueuedCount(record, pairs.count(record));
    }
    return tally;
  }

  /**
   * The second pass: lists the places of the pairs that are still in the table.
   *
   * @param tally the result of {@link #count}, by the current numbers of the records
   */
  void writeLists(PairPlaceCounts tally, OccurrenceLists lists) {
    Arrays.fill(dense, UNKNOWN);
    long units = 0;
    for (int record = 0; record < pairs.size(); record++) {
      units += OccurrenceLists.listUnits(tally.units(record));
    }
    lists.ensure(units);
    for (int record = 0; record < pairs.size(); record++) {
      tally.setCursor(record, lists.allocate(record, tally.units(record)));
    }
    MergeOrder noOrder = null;
    visitPlaces(tally, noOrder, lists.data());
  }

  /**
   * Visits each place of each pair. With an order it is the first pass, which counts pairs and adds
   * new ones to the table. Without one it is the second pass, which writes the places into {@code
   * target}.
   */
  private void visitPlaces(PairPlaceCounts tally, @Nullable MergeOrder order, char[] target) {
    int endOfWord = words.end();
    for (int run = 0; run < words.runs(); run++) {
      long count = words.runCount(run);
      int runEnd = words.runStart(run + 1);
      // The inner loop moves place to the end of a word, from which this one steps to the next
      // word.
      for (int place = words.runStart(run); place < runEnd; place++) {
        int left = words.cell(place);
        while (left != endOfWord) {
          int next = place + lengths[left];
          int right = words.cell(next);
          int pair = right == endOfWord ? -1 : recordOf(left, right, order != null);
          if (pair >= 0 && order != null) {
            tally.ensure(pair);
            tally.add(pair, place, count);
            order.addOccurrence(pair, run);
          } else if (pair >= 0) {
            tally.write(pair, place, target);
          }
          place = next;
          left = right;
        }
      }
    }
  }

  /**
   * The record of a pair; -1 if it was dropped or the rule does not allow it.
   *
   * @param add whether an allowed pair without a record receives one
   */
  private int recordOf(int left, int right, boolean add) {
    boolean small = left < DENSE && right < DENSE;
    if (small) {
      int known = dense[left * DENSE + right];
      if (known != UNKNOWN) {
        return known == DROPPED ? -1 : known - 1;
      }
    }
    int record = recordInTable(left, right, add);
    if (small) {
      dense[left * DENSE + right] = record < 0 ? DROPPED : record + 1;
    }
    return record;
  }

  /** As {@link #recordOf}, without the square table. */
  private int recordInTable(int left, int right, boolean add) {
    if (!rule.allows(left, right)) {
      return -1;
    }
    long key = PairTable.key(left, right);
    return add ? pairs.findOrAdd(key) : pairs.find(key);
  }
}
