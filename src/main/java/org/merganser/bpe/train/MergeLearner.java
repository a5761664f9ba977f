package org.merganser.bpe.train;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.merganser.bpe.IdBuffer;

/**
 * The merge loop: HF's {@code count_pairs} and {@code do_train} over flat arrays.
 *
 * <ol>
 *   <li>Count all pairs of adjacent symbols, and list the places of each ({@link FirstPairs}).
 *   <li>Take the first pair of the order, which is the most frequent one ({@link MergeOrder}). Its
 *       token receives the next free id.
 *   <li>At each place of the pair's list where it still occurs, write the token into its cells and
 *       note the symbol before and the symbol after ({@link MergedPlaces}).
 *   <li>Sum the counts by neighbor. The sum is subtracted from the pair of the neighbor and a part
 *       of the token, and is the count of the new pair of the neighbor and the token ({@link
 *       NeighborPairChanges}).
 *   <li>Add each new pair that is allowed and frequent enough to the order, with its count and its
 *       list. Repeat from step 2 until the vocabulary is full or no pair is left.
 * </ol>
 *
 * <p>An example of one merge: the words are {@code newest}, which occurs 6 times, and {@code
 * widest}, which occurs 3 times, and the pair is (e, s). The cells are {@code END n e w e s t END w
 * i d e s t END}, so the list has the places 4 and 11. Of these
 *
 * <pre>
 *   place  count  before  after
 *       4      6       w      t
 *      11      3       d      t
 * </pre>
 *
 * are noted, and the cells are then {@code END n e w es es t END w i d es es t END}. The sums are 6
 * for w and 3 for d on the left, and 9 for t on the right. So the counts of (w, e), (d, e) and (s,
 * t) decrease by 6, 3 and 9 to 0, and the new pairs (w, es), (d, es) and (es, t) start with 6, 3
 * and 9 and the lists {3}, {10} and {4, 11}.
 *
 * <p>Counts of pairs only decrease, so a pair that starts below the lowest count that can still be
 * merged is not kept; the package comment says why. A table of many more pairs than the merges
 * still wanted drops the rarest. If one of them becomes the best, all pairs are counted again,
 * which costs time but keeps the result exact.
 */
public final class MergeLearner {
  /** The number of merges after which progress is reported. */
  private static final int PROGRESS_EVERY = 256;

  /** Room for this many tokens is made at once, or for the wanted ones if they are fewer. */
  private static final int INITIAL_TOKENS = 1 << 17;

  /** The number of places that are read from a list before they are merged. */
  private static final int BATCH = 256;

  /**
   * How many pairs to keep: {@code pairs + pairsAMerge * the merges still wanted}.
   *
   * @param pairs the minimum
   * @param pairsAMerge for each merge still wanted
   */
  public record Keep(int pairs, int pairsAMerge) {
    /** Measured to be fast. */
    public static final Keep DEFAULT = new Keep(1 << 15, 3);

    /** The maximum number of pairs to keep. */
    private static final int MAX_PAIRS = 1 << 28;

    /** The number of pairs to keep for so many merges. */
    private int pairsFor(int wantedMerges) {
      return (int) Math.min(MAX_PAIRS, pairs + pairsAMerge * (long) Math.max(0, wantedMerges));
    }
  }

  private final GrowingVocabulary vocabulary;
  private final PretokenSymbols words;
  private final PairTable pairs;
  private final MergeOrder order;
  private final PairRule rule;
  private final Consumer<int[]> encodeAgain;
  private final Runnable recount = this::countPairs;

  /** The places at which each pair of the table arose. */
  private final OccurrenceLists lists;

  /** The current merge. */
  private final MergedPlaces made = new MergedPlaces();

  /** The changes on the left of the token of the current merge. */
  private final NeighborPairChanges leftChanges = NeighborPairChanges.onTheLeft();

  /** The changes on its right. */
  private final NeighborPairChanges rightChanges = NeighborPairChanges.onTheRight();

  /** Scratch space: places of the current merge. */
  private final int[] batch = new int[BATCH];

  /** Left and right part of each merge, by rank. */
  private final IdBuffer merges = new IdBuffer(1 << 10);

  /** The number of pairs to keep when rare ones are dropped. */
  private int pairsToKeep;

  /** The number of records above which rare pairs are dropped. */
  private int dropAt;

  /** Cells of each token, by id. */
  private int[] lengths;

  /**
   * @param vocabulary receives the tokens of the merges
   * @param words are merged in place
   * @param lengths cells that each token of the vocabulary takes in the words
   * @param pairs an empty table, which the order reads
   * @param order chooses the pair of each merge
   * @param rule excludes pairs
   * @param encodeAgain encodes all words again by the merges so far (left and right part of each),
   *     called after a merge whose token existed before and so may be part of earlier merges
   */
  public MergeLearner(
      GrowingVocabulary vocabulary,
      PretokenSymbols words,
      int[] lengths,
      PairTable pairs,
      MergeOrder order,
      PairRule rule,
      Consumer<int[]> encodeAgain) {
    this.vocabulary = vocabulary;
    this.words = words;
    this.lengths = lengths;
    this.pairs = pairs;
    this.order = order;
    this.rule = rule;
    this.encodeAgain = encodeAgain;
    this.lists = new OccurrenceLists(pairs, this::isPairAt);
  }

  /**
   * Learns merges until the vocabulary has {@code vocabSize} tokens or no pair is left.
   *
   * @param progress receives the number of merges learned so far, repeatedly and at the end
   * @return the vocabulary with its new tokens, and the learned merges alone
   * @throws IllegalStateException if the vocabulary, or the places of all pairs, do not fit
   */
  public TrainedBpe learn(int vocabSize, Keep keep, IntConsumer progress) {
    int before = vocabulary.size();
    int wanted = Math.max(0, vocabSize - before);
    ensureTokens(Math.max(before, Math.min(vocabSize, INITIAL_TOKENS)) + 1);
    pairsToKeep = keep.pairsFor(wanted);
    if (wanted > 0) {
      countPairs();
    }
    while (vocabulary.size() < vocabSize) {
      int record = order.next(recount);
      if (record < 0) {
        break;
      }
      merge(record);
      pairsToKeep = keep.pairsFor(vocabSize - vocabulary.size());
      if (mergeCount() % PROGRESS_EVERY == 0) {
        progress.accept(mergeCount());
      }
      if (pairs.size() > dropAt) {
        dropRarePairs();
      }
    }
    progress.accept(mergeCount());
    return new TrainedBpe(vocabulary.tokens(), merges.toArray());
  }

  /** The number of merges learned so far. */
  private int mergeCount() {
    return merges.size() / 2;
  }

  /** Step 1: counts all pairs, keeps the most frequent, and lists their places. */
  private void countPairs() {
    pairs.clear();
    lists.clear();
    order.beginRecount();
    FirstPairs first = new FirstPairs(words, pairs, lengths, rule);
    PairPlaceCounts tally = first.count(order);
    order.retain(pairsToKeep, tally::move);
    first.writeLists(tally, lists);
    setDropAt();
  }

  /** Keeps only the most frequent pairs, and the lists of these. */
  private void dropRarePairs() {
    order.retain(pairsToKeep, (from, to) -> {});
    lists.renumber();
    setDropAt();
  }

  /** Lets the table grow to twice its size, or to twice what is kept, before pairs are dropped. */
  private void setDropAt() {
    dropAt = 2 * Math.max(pairsToKeep, pairs.size());
  }

  /** Steps 2 to 5 for the pair of a record. */
  private void merge(int record) {
    int a = pairs.left(record);
    int b = pairs.right(record);
    merges.add(a);
    merges.add(b);
    int tokensBefore = vocabulary.size();
    int token = addToken(a, b);
    boolean isNew = token == tokensBefore;
    made.begin(a, b, token);
    mergeInWords(record);
    lists.free(record);
    made.countNeighbors(words, lengths, leftChanges, rightChanges);
    order.merged(made, leftChanges, rightChanges);
    if (isNew) {
      updatePairs(a, b, token);
    }
    leftChanges.clear();
    rightChanges.clear();
    if (!isNew) {
      encodeAgain.accept(merges.toArray());
      countPairs();
    }
  }

  /** Adds the token of a pair to the vocabulary if it is new, and returns its id. */
  private int addToken(int a, int b) {
    int token = vocabulary.add(vocabulary.token(a) + vocabulary.token(b));
    if (token >= PretokenSymbols.MAX_IDS) {
      throw new IllegalStateException(
          String.format(Locale.ROOT, "the vocabulary has %d tokens; more do not fit", token));
    }
    if (token >= lengths.length) {
      ensureTokens(lengths.length + (lengths.length >> 1) + 1);
    }
    lengths[token] = lengths[a] + lengths[b];
    words.ensureId(token);
    return token;
  }

  /** Makes room for tokens with ids below {@code tokens}. */
  private void ensureTokens(int tokens) {
    lengths = Arrays.copyOf(lengths, tokens);
    leftChanges.ensureIds(tokens);
    rightChanges.ensureIds(tokens);
  }

  /** Step 3: reads the places of a record's list, and merges at them, a batch at a time. */
  private void mergeInWords(int record) {
    char[] data = lists.data();
    int list = pairs.list(record);
    int end = lists.end(list);
    int place = -1;
    int n = 0;
    for (int at = lists.begin(list); at < end; ) {
      int distance = data[at++];
      if (distance >= OccurrenceLists.LONG) {
        distance = OccurrenceLists.longDistance(distance, data[at++]);
      }
      place += distance;
      batch[n++] = place;
      if (n == batch.length || at == end) {
        words.merge(batch, n, lengths[made.left()], lengths[made.token()], made);
        n = 0;
      }
    }
  }

  /** Whether the pair of a record still begins at a place where it once began. */
  private boolean isPairAt(int record, int place) {
    int a = pairs.left(record);
    return words.cell(place) == a && words.cell(place + lengths[a]) == pairs.right(record);
  }

  /** Steps 4 and 5: lowers the counts of the adjacent pairs, and adds the new pairs. */
  private void updatePairs(int a, int b, int token) {
    for (int i = 0; i < leftChanges.size(); i++) {
      int symbol = leftChanges.symbol(i);
      if (symbol != token) { // else the old pair is (b, a), among the changes on the right
        pairs.lowerCount(PairTable.key(symbol, a), leftChanges.count(symbol));
      }
    }
    for (int i = 0; i < rightChanges.size(); i++) {
      int symbol = rightChanges.symbol(i);
      pairs.lowerCount(PairTable.key(b, symbol), rightChanges.count(symbol));
    }
    // In abab the first merge counts a new pair (token, a), which the second one replaces by
    // (token, token): the occurrences of that pair are no occurrences of (token, a).
    rightChanges.tally().lower(a, leftChanges.count(token));
    lists.ensure(newListUnits(leftChanges, token) + newListUnits(rightChanges, token));
    addPairs(leftChanges, token);
    addPairs(rightChanges, token);
    made.listNewPairs(
        words.end(), lengths, leftChanges.tally(), rightChanges.tally(), lists.data());
  }

  /** Whether the new pair of a neighbor and the token may be merged and is frequent enough. */
  private boolean isKept(NeighborPairChanges side, int symbol, int token) {
    return order.keeps(side, symbol)
        && (side.isLeft() ? rule.allows(symbol, token) : rule.allows(token, symbol));
  }

  /** The units that the lists of one side's new pairs take. */
  private long newListUnits(NeighborPairChanges side, int token) {
    long units = 0;
    for (int i = 0; i < side.size(); i++) {
      int symbol = side.symbol(i);
      if (isKept(side, symbol, token)) {
        units += OccurrenceLists.listUnits(side.tally().units(symbol));
      }
    }
    return units;
  }

  /** Adds the new pairs of one side, each with an empty list; the others receive no list. */
  private void addPairs(NeighborPairChanges side, int token) {
    PairPlaceCounts tally = side.tally();
    for (int i = 0; i < side.size(); i++) {
      int symbol = side.symbol(i);
      if (isKept(side, symbol, token)) {
        long key = side.isLeft() ? PairTable.key(symbol, token) : PairTable.key(token, symbol);
        int pair = pairs.findOrAdd(key);
        pairs.addToCount(pair, tally.count(symbol));
        tally.setCursor(symbol, lists.allocate(pair, tally.units(symbol)));
        order.add(pair, side, symbol);
      } else {
        tally.setCursor(symbol, PairPlaceCounts.NO_LIST);
      }
    }
  }
}
