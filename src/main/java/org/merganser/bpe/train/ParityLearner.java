package org.merganser.bpe.train;

import java.util.Arrays;

/**
 * The merge loop of {@link ParityTrainer}: pairs have a count in each group, each group has a
 * queue, and before each merge the group is chosen that it is for. All pairs whose count reaches
 * {@link #least} in some column are in the table; the others are counted anew when they are needed.
 */
final class ParityLearner extends MergeLearner {
  /** Pairs to keep for each column at the least. */
  private static final int LEAST_KEPT = 1 << 12;

  private final ParitySettings parity;
  private final GroupRuns runs;
  private final int groups;

  /** Groups, and one column for all together where the job has global merges. */
  private final int columns;

  private final GroupPairCounts counts;
  private final GroupQueue[] queues;
  private final long[] least;

  /** The tokens of each group, and of each group of the text that only measures. */
  private final long[] tokens;

  private final boolean measured;
  private final NeediestGroup choice;
  private final Side leftSide;
  private final Side rightSide;

  /** Merges that each group chose, and those of all together. */
  private final long[] turns;

  /**
   * @param measured whether there is a text that only measures
   */
  ParityLearner(
      TrainerSettings settings,
      ParitySettings parity,
      GrowingVocabulary vocabulary,
      GroupedSymbolLoader.Words words,
      boolean measured,
      Keep keep) {
    super(settings, vocabulary, words.symbols(), keep, StartingPoint.NONE, null);
    this.parity = parity;
    this.runs = words.runs();
    this.groups = parity.groups();
    this.columns = groups + (parity.globalMerges() > 0 ? 1 : 0);
    this.counts = new GroupPairCounts(columns);
    this.leftSide = new Side(left, columns);
    this.rightSide = new Side(right, columns);
    this.queues = new GroupQueue[columns];
    for (int column = 0; column < columns; column++) {
      queues[column] = new GroupQueue(pairs, counts, vocabulary, column);
    }
    this.least = new long[columns];
    this.tokens = words.tokens().clone();
    this.measured = measured;
    this.turns = new long[groups + 1];
    this.choice = new NeediestGroup(parity, measure());
  }

  /** What the choice looks at: tokens of the text that measures, or of what is learned from. */
  private long[] measure() {
    return measured ? Arrays.copyOfRange(tokens, groups, 2 * groups) : tokens;
  }

  /** Tokens of each group now. */
  long[] tokens() {
    return Arrays.copyOf(tokens, groups);
  }

  /** How many merges were for each group, and how many for all together. */
  long[] turns() {
    return turns.clone();
  }

  /** Columns that merges are still chosen by. */
  private int columnsInUse() {
    return merged < parity.globalMerges() ? columns : groups;
  }

  @Override
  int nextPair() {
    if (merged < parity.globalMerges()) {
      int record = poll(groups);
      turns[groups] += record < 0 ? 0 : 1;
      return record;
    }
    for (int group = choice.next(measure()); group >= 0; group = choice.next(measure())) {
      int record = poll(group);
      if (record >= 0) {
        turns[group]++;
        return record;
      }
      choice.exhaust(group);
    }
    return -1;
  }

  private int poll(int column) {
    int record = queues[column].poll(least[column]);
    while (record < 0 && least[column] > minimum) {
      countPairs();
      record = queues[column].poll(least[column]);
    }
    return record;
  }

  @Override
  void countPairs() {
    pairs.clear();
    lists.clear();
    counts.clearFrom(0);
    FirstPairs first = new FirstPairs(words, pairs, lengths, maxTokenLength, null);
    PairPlaceCounts tally = first.count((pair, run) -> counts.addRun(pair, runs, run, groups));
    Arrays.fill(least, minimum);
    retain(
        (from, to) -> {
          tally.move(from, to);
          counts.move(from, to);
        });
    first.list(tally, lists);
  }

  @Override
  void dropRarePairs() {
    retain(counts::move);
    lists.renumber();
  }

  private void retain(PairTable.Renumbering renumbering) {
    int most = Math.max(LEAST_KEPT, 2 * (pairsToKeep() / groups));
    int used = columnsInUse();
    for (int column = 0; column < used; column++) {
      int kept = column == groups ? pairsToKeep() : most;
      least[column] = counts.leastOf(column, pairs.size(), kept, least[column]);
    }
    pairs.retain(record -> counts.reaches(record, least, used), renumbering);
    counts.clearFrom(pairs.size());
    for (int column = 0; column < used; column++) {
      queues[column].clear();
      for (int record = 0; record < pairs.size(); record++) {
        queues[column].offer(record, least[column]);
      }
    }
    dropAt = 2 * Math.max(pairsToKeep(), pairs.size());
  }

  @Override
  void merged() {
    int run = -1;
    int runEnd = 0;
    int[] places = made.places();
    for (int i = 0; i < made.size(); i++) {
      if (places[i] >= runEnd) {
        run = words.runOf(places[i], run + 1);
        runEnd = words.runStart(run + 1);
      }
      for (int entry = runs.begin(run); entry < runs.end(run); entry++) {
        tokens[runs.group(entry)] -= runs.count(entry);
      }
    }
  }

  private Side side(NeighbourPairChanges changes) {
    return changes == left ? leftSide : rightSide;
  }

  @Override
  void addNeighbour(NeighbourPairChanges side, int symbol, int place, int run, long count) {
    side(side).add(symbol, place, run, count);
  }

  @Override
  void lost(int pair, NeighbourPairChanges side, int symbol) {
    Side changed = side(side);
    counts.subtract(pair, changed.sums, changed.slots[symbol]);
  }

  @Override
  void takeBack(int a, int b, int token) {
    counts.clear(pairs.find(PairTable.key(a, b)));
    if (left.tally().count(token) > 0 && right.tally().count(a) > 0) {
      super.takeBack(a, b, token);
      rightSide.sums.subtract(rightSide.slots[a], leftSide.sums, leftSide.slots[token]);
    }
  }

  @Override
  boolean reachesLeast(NeighbourPairChanges side, int symbol) {
    Side changed = side(side);
    return changed.sums.reaches(changed.slots[symbol], least, columnsInUse());
  }

  @Override
  void offer(int pair, NeighbourPairChanges side, int symbol) {
    Side changed = side(side);
    pairs.setQueuedCount(pair, 0); // as a record that PairTable retains
    counts.add(pair, changed.sums, changed.slots[symbol]);
    for (int column = 0; column < columnsInUse(); column++) {
      queues[column].offer(pair, least[column]);
    }
  }

  /** What one merge changes on one side, by group as well. */
  private final class Side {
    final NeighbourPairChanges changes;

    /** By symbol, the number of its sums. */
    int[] slots = new int[64];

    final GroupPairCounts sums;

    Side(NeighbourPairChanges changes, int columns) {
      this.changes = changes;
      this.sums = new GroupPairCounts(columns);
    }

    void add(int symbol, int place, int run, long count) {
      int size = changes.size();
      changes.add(symbol, place, count);
      if (changes.size() > size) {
        if (symbol >= slots.length) {
          slots = Arrays.copyOf(slots, Math.max(symbol + 1, 2 * slots.length));
        }
        slots[symbol] = size;
        sums.clear(size);
      }
      sums.addRun(slots[symbol], runs, run, groups);
    }
  }

  @Override
  long memoryBytes() {
    long bytes = super.memoryBytes() + runs.memoryBytes() + counts.memoryBytes();
    for (GroupQueue each : queues) {
      bytes += each.memoryBytes();
    }
    return bytes + 2 * leftSide.sums.memoryBytes();
  }
}
