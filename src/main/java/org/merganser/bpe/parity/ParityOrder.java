package org.merganser.bpe.parity;

import java.util.Arrays;
import org.merganser.bpe.train.GrowingVocabulary;
import org.merganser.bpe.train.MergeOrder;
import org.merganser.bpe.train.MergedPlaces;
import org.merganser.bpe.train.NeighborPairChanges;
import org.merganser.bpe.train.PairTable;
import org.merganser.bpe.train.PretokenSymbols;

/**
 * The order of {@link ParityTrainer}: pairs have a count in each group ({@link GroupPairCounts}),
 * each group has a {@link ColumnQueue}, and each merge first chooses its group, by {@link
 * NeediestGroup}. The table has all pairs whose count reaches {@link #leastInTable} in some column;
 * the others are counted again when they are needed.
 */
final class ParityOrder implements MergeOrder {
  /** The minimum number of pairs to keep for each group. */
  private static final int LEAST_KEPT = 1 << 12;

  private final ParitySettings parity;
  private final PretokenSymbols words;

  /** By run of the words, its counts by group. */
  private final GroupRuns runs;

  /** The current tokens of each group. */
  private final GroupTokens tokens;

  private final PairTable pairs;

  /** The minimum count of a pair that is merged. */
  private final long minimum;

  /** The number of groups. */
  private final int groups;

  /** The number of columns: one for each group, and one for {@link #totalColumn} if it exists. */
  private final int columns;

  /** By record of {@link #pairs}, its counts. */
  private final GroupPairCounts counts;

  /** By column, its queue. */
  private final ColumnQueue[] queues;

  /** By column, a bound: the table has every pair whose count there is at least this. */
  private final long[] leastInTable;

  /** Chooses the group of each merge that is not global. */
  private final NeediestGroup choice;

  /** The sums of the neighbors before the token of the current merge. */
  private final NeighborSums leftSums;

  /** The sums of the neighbors after it. */
  private final NeighborSums rightSums;

  /** The number of merges so far. */
  private int mergeCount;

  /** The merges that each group chose, then the global ones. */
  private final long[] mergesByGroup;

  /**
   * @param words the words with their counts by group
   * @param tokens of the words, before the first merge
   * @param vocabulary the tokens of the words, to which the learner adds those of merges
   * @param pairs the empty table of the learner
   * @param minimum a pair that is rarer in a group is not merged for it; 0 counts as 1
   */
  ParityOrder(
      ParitySettings parity,
      GroupedSymbolLoader.Words words,
      GroupTokens tokens,
      GrowingVocabulary vocabulary,
      PairTable pairs,
      long minimum) {
    this.parity = parity;
    this.words = words.symbols();
    this.runs = words.runs();
    this.tokens = tokens;
    this.pairs = pairs;
    this.minimum = Math.max(1, minimum);
    this.groups = parity.groups();
    boolean hasTotal = parity.globalMerges() > 0;
    this.columns = hasTotal ? groups + 1 : groups;
    this.counts = new GroupPairCounts(groups, hasTotal);
    this.leftSums = new NeighborSums(runs, groups, hasTotal);
    this.rightSums = new NeighborSums(runs, groups, hasTotal);
    this.queues = new ColumnQueue[columns];
    for (int column = 0; column < columns; column++) {
      queues[column] = new ColumnQueue(column, pairs, counts, vocabulary);
    }
    this.leastInTable = new long[columns];
    this.mergesByGroup = new long[groups + 1];
    this.choice = new NeediestGroup(parity, tokens.choosing());
  }

  /** The merges that each group chose so far, then the global ones. */
  long[] mergesByGroup() {
    return mergesByGroup.clone();
  }

  @Override
  public int next(Runnable recount) {
    boolean isGlobal = mergeCount < parity.globalMerges();
    return isGlobal ? pollAndCount(totalColumn(), recount) : nextOfNeediestGroup(recount);
  }

  @Override
  public void beginRecount() {
    counts.clearFrom(0);
    Arrays.fill(leastInTable, minimum);
  }

  @Override
  public void addOccurrence(int record, int run) {
    counts.addRun(record, runs, run);
  }

  @Override
  public void retain(int pairsToKeep, PairTable.Renumbering renumbering) {
    // Twice an equal share: a pair that several groups have takes one record.
    int keptByGroup = Math.max(LEAST_KEPT, 2 * (pairsToKeep / groups));
    int used = columnsInUse();
    for (int column = 0; column < used; column++) {
      int kept = column == totalColumn() ? pairsToKeep : keptByGroup;
      leastInTable[column] = counts.threshold(column, pairs.size(), kept, leastInTable[column]);
    }
    pairs.retain(
        record -> counts.reaches(record, leastInTable, used),
        (from, to) -> {
          renumbering.move(from, to);
          counts.move(from, to);
        });
    counts.clearFrom(pairs.size());
    for (int column = 0; column < used; column++) {
      queues[column].refill(leastInTable[column]);
    }
  }

  @Override
  public void merged(
      MergedPlaces made, NeighborPairChanges leftChanges, NeighborPairChanges rightChanges) {
    mergeCount++;
    leftSums.begin(leftChanges);
    rightSums.begin(rightChanges);
    lowerTokensAndSumNeighbors(made);
    lowerOldPairs(made, leftChanges, rightChanges);
    correctNewPairs(made, leftChanges);
  }

  @Override
  public boolean keeps(NeighborPairChanges changes, int symbol) {
    return sumsOf(changes).reaches(symbol, leastInTable, columnsInUse());
  }

  @Override
  public void add(int record, NeighborPairChanges changes, int symbol) {
    pairs.markQueuedElsewhere(record); // so that retain keeps it
    sumsOf(changes).addTo(counts, record, symbol);
    for (int column = 0; column < columnsInUse(); column++) {
      queues[column].offer(record, leastInTable[column]);
    }
  }

  /** The column of all groups together, behind theirs; it exists if there are global merges. */
  private int totalColumn() {
    return groups;
  }

  /** The number of columns that a later merge may use; the total is used by global merges only. */
  private int columnsInUse() {
    return mergeCount < parity.globalMerges() ? columns : groups;
  }

  /** The next record of the neediest group that has one; -1 if no group has. */
  private int nextOfNeediestGroup(Runnable recount) {
    while (true) {
      int group = choice.next(tokens.choosing());
      if (group < 0) {
        return -1;
      }
      int record = pollAndCount(group, recount);
      if (record >= 0) {
        return record;
      }
      choice.exhaust(group);
    }
  }

  /** As {@link #poll}; counts the merge in {@link #mergesByGroup}. */
  private int pollAndCount(int column, Runnable recount) {
    int record = poll(column, recount);
    if (record >= 0) {
      mergesByGroup[column]++;
    }
    return record;
  }

  /**
   * Removes and returns the first record of a column; -1 if none reaches the minimum. Ends because
   * a recount lowers {@link #leastInTable} of the column to at most the highest count of a pair
   * there, or to the minimum if no pair reaches that.
   */
  private int poll(int column, Runnable recount) {
    int record = queues[column].poll(leastInTable[column]);
    while (record < 0 && leastInTable[column] > minimum) {
      recount.run();
      record = queues[column].poll(leastInTable[column]);
    }
    return record;
  }

  /** Lowers the tokens of each group, and sums the new pairs' counts by neighbor and group. */
  private void lowerTokensAndSumNeighbors(MergedPlaces made) {
    int run = -1;
    int runEnd = 0;
    int endOfWord = words.end();
    int[] places = made.places();
    for (int i = 0; i < made.size(); i++) {
      if (places[i] >= runEnd) {
        run = words.runOf(places[i], run + 1);
        runEnd = words.runStart(run + 1);
      }
      tokens.lower(runs, run);
      int before = made.before()[i];
      if (before != endOfWord) {
        leftSums.add(before, run);
      }
      int after = made.after()[i];
      if (after != endOfWord) {
        rightSums.add(after, run);
      }
    }
  }

  /**
   * Subtracts the occurrences that the merge took from the pairs of its parts and neighbors, and
   * from the merged pair, which has none left.
   */
  private void lowerOldPairs(
      MergedPlaces made, NeighborPairChanges leftChanges, NeighborPairChanges rightChanges) {
    int a = made.left();
    int b = made.right();
    for (int i = 0; i < leftChanges.size(); i++) {
      int neighbor = leftChanges.symbol(i);
      // In abab the pair before was merged too: the neighbor is its token, and the old pair (b, a)
      // is among the changes on its right, since places are merged from left to right.
      if (neighbor != made.token()) {
        lowerPair(PairTable.key(neighbor, a), leftSums, neighbor);
      }
    }
    for (int i = 0; i < rightChanges.size(); i++) {
      int neighbor = rightChanges.symbol(i);
      lowerPair(PairTable.key(b, neighbor), rightSums, neighbor);
    }
    // Last, since in aaa the merged pair is also one of a part and a neighbor.
    counts.clear(pairs.find(PairTable.key(a, b)));
  }

  /** Subtracts the sums of a neighbor from the counts of a pair, if it has a record. */
  private void lowerPair(long key, NeighborSums side, int neighbor) {
    int record = pairs.find(key);
    if (record >= 0) {
      side.subtractFrom(counts, record, neighbor);
    }
  }

  /**
   * Corrects the sums for abab: there the first merge counts the new pair (token, a), which the
   * second merge replaces by (token, token). So each occurrence of (token, token) was also counted
   * as one of (token, a).
   */
  private void correctNewPairs(MergedPlaces made, NeighborPairChanges leftChanges) {
    int token = made.token();
    if (leftChanges.count(token) > 0) {
      rightSums.subtract(made.left(), leftSums, token);
    }
  }

  /** The sums of the side of some changes. */
  private NeighborSums sumsOf(NeighborPairChanges changes) {
    return changes.isLeft() ? leftSums : rightSums;
  }
}
