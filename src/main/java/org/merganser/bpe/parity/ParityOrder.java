package org.merganser.bpe.parity;

import java.util.Arrays;
import org.merganser.bpe.train.CountHeap;
import org.merganser.bpe.train.GrowingVocabulary;
import org.merganser.bpe.train.MergeOrder;
import org.merganser.bpe.train.MergedPlaces;
import org.merganser.bpe.train.NeighborPairChanges;
import org.merganser.bpe.train.PairTable;
import org.merganser.bpe.train.PretokenSymbols;

/**
 * The order of {@link ParityTrainer}: pairs have a count in each group, each group has a queue, and
 * each merge first chooses its group. The table has all pairs whose count reaches {@link
 * #leastInTable} in some column; the others are counted again when they are needed.
 */
final class ParityOrder implements MergeOrder {
  /** The minimum number of pairs to keep for each group. */
  private static final int LEAST_KEPT = 1 << 12;

  private final ParitySettings parity;
  private final PretokenSymbols words;

  /** By run of the words, its counts by group. */
  private final GroupRuns runs;

  private final GrowingVocabulary vocabulary;
  private final PairTable pairs;

  /** The minimum count of a pair that is merged. */
  private final long minimum;

  /** The number of groups. */
  private final int groups;

  /** Whether a column has the counts of all groups together, which global merges need. */
  private final boolean hasTotal;

  /**
   * The number of columns: one for each group, and behind them, at {@link #groups}, the total if
   * {@link #hasTotal}.
   */
  private final int columns;

  /** By record of {@link #pairs}, its counts. */
  private final GroupPairCounts counts;

  /** By column, its queue. */
  private final ColumnQueue[] queues;

  /** By column, a bound: the table has every pair whose count there is at least this. */
  private final long[] leastInTable;

  /**
   * The tokens of each group in the learned text, then those of each group in the development text:
   * by the groups of {@link #runs}, which numbers both.
   */
  private final long[] tokens;

  /** Whether there is a development text, whose tokens then choose the group of a merge. */
  private final boolean hasDevelopment;

  /** Chooses the group of each merge that is not global. */
  private final NeediestGroup choice;

  /** The sums of the neighbors before the token of the current merge. */
  private final NeighborSums left;

  /** The sums of the neighbors after it. */
  private final NeighborSums right;

  /** The number of merges so far. */
  private int mergeCount;

  /** The merges that each group chose, then the global ones. */
  private final long[] mergesByGroup;

  /**
   * @param words the words with their counts by group
   * @param vocabulary the tokens of the words, to which the learner adds those of merges
   * @param pairs the empty table of the learner
   * @param minimum a pair that is rarer in a group is not merged for it; 0 counts as 1
   * @param hasDevelopment whether there is a development text, which is then measured
   */
  ParityOrder(
      ParitySettings parity,
      GroupedSymbolLoader.Words words,
      GrowingVocabulary vocabulary,
      PairTable pairs,
      long minimum,
      boolean hasDevelopment) {
    this.parity = parity;
    this.words = words.symbols();
    this.runs = words.runs();
    this.vocabulary = vocabulary;
    this.pairs = pairs;
    this.minimum = Math.max(1, minimum);
    this.groups = parity.groups();
    this.hasTotal = parity.globalMerges() > 0;
    this.columns = hasTotal ? groups + 1 : groups;
    this.counts = new GroupPairCounts(groups, hasTotal);
    this.left = new NeighborSums();
    this.right = new NeighborSums();
    this.queues = new ColumnQueue[columns];
    for (int column = 0; column < columns; column++) {
      queues[column] = new ColumnQueue(column);
    }
    this.leastInTable = new long[columns];
    this.tokens = words.startingTokens().clone();
    this.hasDevelopment = hasDevelopment;
    this.mergesByGroup = new long[groups + 1];
    this.choice = new NeediestGroup(parity, measuredTokens());
  }

  /** The current tokens of each group in the learned text. */
  long[] tokens() {
    return Arrays.copyOf(tokens, groups);
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
    left.begin(leftChanges);
    right.begin(rightChanges);
    lowerTokensAndSumNeighbors(made);
    lowerAdjacentPairs(made, leftChanges, rightChanges);
    int a = made.left();
    int token = made.token();
    counts.clear(pairs.find(PairTable.key(a, made.right())));
    // In abab the first merge counts the new pair (token, a), and the second one replaces it by
    // (token, token): so (token, a) was counted once too often for each of these.
    if (leftChanges.count(token) > 0 && rightChanges.count(a) > 0) {
      right.sums.subtract(right.slots[a], left.sums, left.slots[token]);
    }
  }

  @Override
  public boolean keeps(NeighborPairChanges changes, int symbol) {
    NeighborSums side = sumsOf(changes);
    return side.sums.reaches(side.slots[symbol], leastInTable, columnsInUse());
  }

  @Override
  public void add(int record, NeighborPairChanges changes, int symbol) {
    NeighborSums side = sumsOf(changes);
    pairs.markQueuedElsewhere(record);
    counts.add(record, side.sums, side.slots[symbol]);
    for (int column = 0; column < columnsInUse(); column++) {
      queues[column].offer(record, leastInTable[column]);
    }
  }

  /** By group, the tokens by which the next group is chosen. */
  private long[] measuredTokens() {
    return hasDevelopment ? Arrays.copyOfRange(tokens, groups, 2 * groups) : tokens;
  }

  /** The column of all groups together; it exists if {@link #hasTotal}. */
  private int totalColumn() {
    return groups;
  }

  /** The number of columns that a later merge may use; that of all groups is last. */
  private int columnsInUse() {
    return mergeCount < parity.globalMerges() ? columns : groups;
  }

  /** The next record of the neediest group that has one; -1 if no group has. */
  private int nextOfNeediestGroup(Runnable recount) {
    while (true) {
      int group = choice.next(measuredTokens());
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

  /** Subtracts the occurrences that the merge took from the pairs of its parts and neighbors. */
  private void lowerAdjacentPairs(
      MergedPlaces made, NeighborPairChanges leftChanges, NeighborPairChanges rightChanges) {
    int a = made.left();
    int b = made.right();
    int token = made.token();
    for (int i = 0; i < leftChanges.size(); i++) {
      int symbol = leftChanges.symbol(i);
      // If the pair before was merged too, the neighbor is its token; the old pair (b, a) is then
      // among the changes on its right, since places are merged from left to right.
      if (symbol != token) {
        subtract(PairTable.key(symbol, a), left, i);
      }
    }
    for (int i = 0; i < rightChanges.size(); i++) {
      subtract(PairTable.key(b, rightChanges.symbol(i)), right, i);
    }
  }

  /** Lowers the tokens of each group, and sums the new pairs' counts by neighbor and group. */
  private void lowerTokensAndSumNeighbors(MergedPlaces made) {
    int run = -1;
    int runEnd = 0;
    int end = words.end();
    int[] places = made.places();
    for (int i = 0; i < made.size(); i++) {
      if (places[i] >= runEnd) {
        run = words.runOf(places[i], run + 1);
        runEnd = words.runStart(run + 1);
      }
      for (int entry = runs.begin(run); entry < runs.end(run); entry++) {
        tokens[runs.group(entry)] -= runs.count(entry);
      }
      if (made.before()[i] != end) {
        left.add(made.before()[i], run);
      }
      if (made.after()[i] != end) {
        right.add(made.after()[i], run);
      }
    }
  }

  /** Subtracts the sums of a neighbor from the counts of a pair, if it has a record. */
  private void subtract(long key, NeighborSums side, int slot) {
    int record = pairs.find(key);
    if (record >= 0) {
      counts.subtract(record, side.sums, slot);
    }
  }

  /** The sums of the side of some changes. */
  private NeighborSums sumsOf(NeighborPairChanges changes) {
    return changes.isLeft() ? left : right;
  }

  /** The counts by group of one merge's new pairs on one side, which have a slot by neighbor. */
  private final class NeighborSums {
    /** By neighbor, its slot; valid for the neighbors of the current merge. */
    int[] slots = new int[64];

    /** By slot, the sums. */
    final GroupPairCounts sums = new GroupPairCounts(groups, hasTotal);

    /** Begins another merge, with sums of 0. */
    void begin(NeighborPairChanges changes) {
      for (int slot = 0; slot < changes.size(); slot++) {
        int symbol = changes.symbol(slot);
        if (symbol >= slots.length) {
          slots = Arrays.copyOf(slots, Math.max(symbol + 1, 2 * slots.length));
        }
        slots[symbol] = slot;
        sums.clear(slot);
      }
    }

    /** Adds an occurrence of a neighbor in each word of a run. */
    void add(int symbol, int run) {
      sums.addRun(slots[symbol], runs, run);
    }
  }

  /**
   * The pairs of one column by count, the highest first; of equals that with the larger left token
   * as text, then the larger right one, as parity-aware BPE orders them. Counts only decrease, so
   * an entry with an outdated count is queued again with its current one.
   */
  private final class ColumnQueue extends CountHeap {
    private final int column;

    ColumnQueue(int column) {
      this.column = column;
    }

    /**
     * Replaces the entries by all records of the table whose count reaches {@code minimumCount}.
     */
    void refill(long minimumCount) {
      clear();
      for (int record = 0; record < pairs.size(); record++) {
        offer(record, minimumCount);
      }
    }

    /** Queues a record with its current count if that reaches {@code minimumCount}. */
    void offer(int record, long minimumCount) {
      long count = counts.get(record, column);
      if (count >= minimumCount) {
        push(record, count);
      }
    }

    /** Removes and returns the first record; -1 if none reaches {@code minimumCount}. */
    int poll(long minimumCount) {
      while (!isEmpty()) {
        int first = first();
        long count = firstCount();
        removeFirst();
        if (count == counts.get(first, column)) {
          return first;
        }
        offer(first, minimumCount);
      }
      return -1;
    }

    @Override
    protected boolean before(long count, int record, long otherCount, int other) {
      if (count != otherCount) {
        return count > otherCount;
      }
      int byLeft = compare(pairs.left(record), pairs.left(other));
      return byLeft != 0 ? byLeft > 0 : compare(pairs.right(record), pairs.right(other)) > 0;
    }

    /** Compares the tokens of two ids as text. */
    private int compare(int id, int other) {
      return vocabulary.token(id).compareTo(vocabulary.token(other));
    }
  }
}
