package org.merganser.bpe.train;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One run of the trainer over words that are symbols already: HF's {@code count_pairs} and merge
 * loop seen through flat arrays.
 *
 * <p>HF's queue could in principle queue a pair twice, when a merged string is a token already, and
 * it keeps the counts of merged pairs. Neither ever shows, for <b>a string is made by one pair
 * only</b>: every merge is applied to all words, so inside the span of an occurrence of string s
 * whose ends no merge has crossed, everything went as if s were a word of its own; and a run of
 * equal symbols that reaches over the left end is paired from its start, so a pair ends exactly
 * there. So a merged token that existed before is in no word yet, all pairs with a merged token are
 * new, and counts of pairs only sink. Hence:
 *
 * <ul>
 *   <li>a pair that starts below {@link #least} is not kept at all;
 *   <li>when the table has grown beyond some times the merges still wanted, {@link #least} is
 *       raised and the rarest pairs are dropped. Should the best pair ever fall below it, all pairs
 *       are counted anew: it costs time, never exactness.
 * </ul>
 *
 * <p>The class is one algorithm: each merge goes through all of it, from the queue over the words
 * to the counts and lists of the pairs around. {@link ParityLearner} takes another pair next.
 */
class MergeLearner {
  private static final int PROGRESS_EVERY = 256;

  /** Pairs to keep at the least, and for each merge still wanted. */
  record Keep(int pairs, int pairsAMerge) {
    static final Keep DEFAULT = new Keep(1 << 15, 3);
  }

  final Keep keep;
  private final StartingPoint start;
  final TrainerSettings settings;
  final GrowingVocabulary vocabulary;
  final PretokenSymbols words;
  final PairTable pairs = new PairTable();
  private final MergeQueue queue = new MergeQueue(pairs);
  final OccurrenceLists lists = new OccurrenceLists(pairs, this::stands);
  final MergedPlaces made = new MergedPlaces();
  final long maxTokenLength;
  private final @Nullable SuperwordRule rule;

  /** The least count of a pair that is merged. */
  final long minimum;

  /** All pairs of at least this count are in the table. */
  private long least;

  /** Records at which the rarest are dropped. */
  int dropAt;

  /** Cells of each token: its characters, or the ids that it was at first. */
  int[] lengths;

  /** Places about to be merged. */
  private final int[] batch = new int[256];

  final NeighbourPairChanges left = new NeighbourPairChanges();
  final NeighbourPairChanges right = new NeighbourPairChanges();

  /** Left and right of each merge, by rank. */
  private int[] merges = new int[1 << 10];

  int merged;
  private long peakBytes;
  private long placesTouched;
  private long placesMerged;

  /** Merges runs of ids, each a symbol of one cell, into tokens of several words. */
  static MergeLearner acrossWords(
      TrainerSettings settings, GrowingVocabulary vocabulary, PretokenSymbols runs, Keep keep) {
    Integer limit = settings.maxTokenLength();
    SuperwordRule rule =
        new SuperwordRule(vocabulary, limit == null ? Long.MAX_VALUE : limit.longValue());
    return new MergeLearner(settings, vocabulary, runs, keep, StartingPoint.NONE, rule);
  }

  /**
   * @param start whose merges the words have gone through already
   * @param rule which pairs are merged across words; null where words are merged
   */
  MergeLearner(
      TrainerSettings settings,
      GrowingVocabulary vocabulary,
      PretokenSymbols words,
      Keep keep,
      StartingPoint start,
      @Nullable SuperwordRule rule) {
    this.rule = rule;
    this.start = start;
    this.keep = keep;
    this.settings = settings;
    this.vocabulary = vocabulary;
    this.words = words;
    Integer limit = settings.maxTokenLength();
    maxTokenLength = limit == null || rule != null ? Long.MAX_VALUE : limit;
    minimum = Math.max(1, settings.minFrequency());
    int symbols = Math.max(vocabulary.size(), Math.min(settings.vocabSize(), 1 << 17)) + 1;
    lengths = new int[symbols];
    for (int id = 0; id < vocabulary.size(); id++) {
      String token = vocabulary.token(id);
      lengths[id] = rule == null ? token.codePointCount(0, token.length()) : 1;
    }
    left.ensureIds(symbols);
    right.ensureIds(symbols);
  }

  /** Merges until the vocabulary is full, no pair is left or the best pair is too rare. */
  TrainedBpe learn(BpeTrainer.Progress progress) {
    int before = vocabulary.size();
    int wanted = Math.max(0, settings.vocabSize() - before);
    if (wanted > 0) {
      countPairs();
    }
    while (vocabulary.size() < settings.vocabSize()) {
      int record = nextPair();
      if (record < 0) {
        break;
      }
      remember(record);
      merge(record);
      if (merged % PROGRESS_EVERY == 0) {
        peakBytes = Math.max(peakBytes, memoryBytes());
        progress.merges(vocabulary.size() - before, wanted);
      }
      if (pairs.size() > dropAt) {
        dropRarePairs();
      }
    }
    peakBytes = Math.max(peakBytes, memoryBytes());
    progress.merges(vocabulary.size() - before, wanted);
    return new TrainedBpe(vocabulary.tokens(), Arrays.copyOf(merges, 2 * merged));
  }

  /** The pair to merge next, taken from the queue; -1 when it is too rare or there is none. */
  int nextPair() {
    int record = queue.poll(least);
    while (record < 0 && least > minimum) {
      countPairs();
      record = queue.poll(least);
    }
    return record;
  }

  void countPairs() {
    pairs.clear();
    lists.clear();
    queue.reset();
    least =
        new FirstPairs(words, pairs, lengths, maxTokenLength, rule)
            .count(lists, pairsToKeep(), minimum);
    dropAt = 2 * Math.max(pairsToKeep(), pairs.size());
  }

  int pairsToKeep() {
    long remaining = Math.max(0, settings.vocabSize() - vocabulary.size());
    return (int) Math.min(1 << 28, keep.pairs() + keep.pairsAMerge() * remaining);
  }

  void dropRarePairs() {
    least = pairs.leastCountOf(pairsToKeep(), least);
    pairs.retain(record -> pairs.count(record) >= least, (from, to) -> {});
    lists.renumber();
    queue.reset();
    dropAt = 2 * Math.max(pairsToKeep(), pairs.size());
  }

  private void merge(int record) {
    int a = pairs.left(record);
    int b = pairs.right(record);
    int before = vocabulary.size();
    int token = vocabulary.add(vocabulary.token(a) + vocabulary.token(b));
    if (token >= PretokenSymbols.MAX_IDS) {
      throw new IllegalStateException(
          "the vocabulary has %d tokens; more do not fit".formatted(token));
    }
    if (token >= lengths.length) {
      lengths = Arrays.copyOf(lengths, lengths.length + (lengths.length >> 1) + 1);
      left.ensureIds(lengths.length);
      right.ensureIds(lengths.length);
    }
    lengths[token] = lengths[a] + lengths[b];
    words.ensureId(token);
    mergeInWords(record, a, b, token);
    lists.free(record);
    placesMerged += made.size();
    merged();
    if (token == before) {
      count();
      updatePairs(a, b, token);
    }
    made.clear();
    left.clear();
    right.clear();
    if (token != before) {
      countAfterReuse();
    }
  }

  /**
   * The merged token existed before: a special token, or, in a vocabulary that is continued, one
   * that no merge gave. There it may be part of older merges, and those come first.
   */
  private void countAfterReuse() {
    start.encodeAgain(words, vocabulary, merges, merged);
    countPairs();
  }

  /** Whether a record's pair begins at a place where it began once. */
  private boolean stands(int record, int place) {
    int a = pairs.left(record);
    return words.cell(place) == a && words.cell(place + lengths[a]) == pairs.right(record);
  }

  private void remember(int record) {
    if (2 * merged == merges.length) {
      merges = Arrays.copyOf(merges, 4 * merged);
    }
    merges[2 * merged] = pairs.left(record);
    merges[2 * merged + 1] = pairs.right(record);
    merged++;
  }

  /**
   * Merges at all places of a record's list. They lie far apart, so that each costs a cache miss: a
   * batch of them is touched first, which lets the misses overlap, and then merged.
   */
  private void mergeInWords(int record, int a, int b, int token) {
    char[] data = lists.data();
    int list = pairs.list(record);
    int end = lists.end(list);
    int place = -1;
    int n = 0;
    for (int at = lists.begin(list); at < end; ) {
      int distance = data[at++];
      if (distance >= OccurrenceLists.LONG) {
        distance = (distance & 0x7FFF) << 16 | data[at++];
      }
      place += distance;
      placesTouched++;
      batch[n++] = place;
      if (n == batch.length || at == end) {
        words.merge(batch, n, a, b, token, lengths[a], lengths[token], made);
        n = 0;
      }
    }
  }

  /** All words have been merged at the places of {@link #made}. */
  void merged() {}

  /** Counts the neighbours at all places that were merged. */
  private void count() {
    int[] places = made.places();
    int[] before = made.before();
    int[] after = made.after();
    int end = words.end();
    int run = -1;
    int runEnd = 0;
    long count = 0;
    for (int i = 0; i < made.size(); i++) {
      int place = places[i];
      if (place >= runEnd) {
        run = words.runOf(place, run + 1);
        runEnd = words.runStart(run + 1);
        count = words.runCount(run);
      }
      if (before[i] != end) {
        addNeighbour(left, before[i], place - lengths[before[i]], run, count);
      }
      if (after[i] != end) {
        addNeighbour(right, after[i], place, run, count);
      }
    }
  }

  /**
   * Counts a neighbour of a merged place.
   *
   * @param count how often the run is in the text
   */
  void addNeighbour(NeighbourPairChanges side, int symbol, int place, int run, long count) {
    side.add(symbol, place, count);
  }

  private void updatePairs(int a, int b, int token) {
    for (int i = 0; i < left.size(); i++) {
      int symbol = left.symbol(i);
      if (symbol != token) {
        lose(left, symbol, PairTable.key(symbol, a));
      }
    }
    for (int i = 0; i < right.size(); i++) {
      lose(right, right.symbol(i), PairTable.key(b, right.symbol(i)));
    }
    takeBack(a, b, token);
    lists.ensure(wantedUnits(left, token) + wantedUnits(right, token));
    for (int i = 0; i < left.size(); i++) {
      int symbol = left.symbol(i);
      add(left, symbol, PairTable.key(symbol, token), token);
    }
    for (int i = 0; i < right.size(); i++) {
      int symbol = right.symbol(i);
      add(right, symbol, PairTable.key(token, symbol), token);
    }
    listPlaces();
  }

  private void lose(NeighbourPairChanges side, int symbol, long key) {
    long count = side.tally().count(symbol);
    int pair = count == 0 ? -1 : pairs.find(key);
    if (pair >= 0) {
      pairs.addToCount(pair, -count);
      lost(pair, side, symbol);
    }
  }

  /** A pair with a neighbour of the merged places occurs less often now. */
  void lost(int pair, NeighbourPairChanges side, int symbol) {}

  /** In abab the second (a, b) undoes the first one's new (token, a). */
  void takeBack(int a, int b, int token) {
    right.tally().takeBack(a, left.tally().count(token));
  }

  /** Whether the new pair with a neighbour occurs often enough to be kept. */
  boolean reachesLeast(NeighbourPairChanges side, int symbol) {
    return side.tally().count(symbol) >= least;
  }

  /** Whether the new pair with a neighbour is kept. */
  private boolean wanted(NeighbourPairChanges side, int symbol, int token) {
    return reachesLeast(side, symbol)
        && lengths[symbol] + (long) lengths[token] < maxTokenLength
        && (rule == null
            || (side == left ? rule.allows(symbol, token) : rule.allows(token, symbol)));
  }

  private long wantedUnits(NeighbourPairChanges side, int token) {
    long units = 0;
    for (int i = 0; i < side.size(); i++) {
      int symbol = side.symbol(i);
      if (wanted(side, symbol, token)) {
        units += OccurrenceLists.listUnits(side.tally().units(symbol));
      }
    }
    return units;
  }

  private void add(NeighbourPairChanges side, int symbol, long key, int token) {
    if (!wanted(side, symbol, token)) {
      side.tally().setCursor(symbol, -1);
      return;
    }
    int pair = pairs.findOrAdd(key);
    pairs.addToCount(pair, side.tally().count(symbol));
    side.tally().setCursor(symbol, lists.allocate(pair, side.tally().units(symbol)));
    offer(pair, side, symbol);
  }

  /** Queues the new pair with a neighbour. */
  void offer(int pair, NeighbourPairChanges side, int symbol) {
    queue.offer(pair);
  }

  /** Writes the places of all new pairs to their lists. */
  private void listPlaces() {
    char[] target = lists.data();
    int[] places = made.places();
    int[] before = made.before();
    int[] after = made.after();
    PairPlaceCounts leftPairs = left.tally();
    PairPlaceCounts rightPairs = right.tally();
    int end = words.end();
    for (int i = 0; i < made.size(); i++) {
      int place = places[i];
      if (before[i] != end) {
        leftPairs.write(before[i], place - lengths[before[i]], target);
      }
      if (after[i] != end) {
        rightPairs.write(after[i], place, target);
      }
    }
  }

  /** Bytes of all arrays at their largest so far. */
  long peakBytes() {
    return peakBytes;
  }

  /** Places that all merges together looked at. */
  long placesTouched() {
    return placesTouched;
  }

  /** Places of these at which the pair still stood. */
  long placesMerged() {
    return placesMerged;
  }

  long memoryBytes() {
    return words.memoryBytes()
        + pairs.memoryBytes()
        + queue.memoryBytes()
        + lists.memoryBytes()
        + left.memoryBytes()
        + right.memoryBytes()
        + made.memoryBytes()
        + 4L * merges.length
        + 4L * lengths.length;
  }
}
