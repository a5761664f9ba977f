package org.merganser.bpe;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Counts the pairs of all words as they are, keeps the most frequent, and lists their words: a pass
 * for the counts, one for the sizes of the lists, one that writes them. Pairs of symbols below
 * {@link #DENSE}, at first nearly all, are found in a square table instead of the hash table.
 */
final class FirstPairs {
  /** The alphabet's ids, unless there are many special tokens before it. */
  private static final int DENSE = 512;

  private final Words words;
  private final PairTable pairs;
  private final int[] lengths;
  private final long maxTokenLength;

  /** Record + 1 by left * DENSE + right; {@link #UNKNOWN}, or {@link #DROPPED}. */
  private final int[] dense = new int[DENSE * DENSE];

  private static final int UNKNOWN = 0;
  private static final int DROPPED = -1;

  FirstPairs(Words words, PairTable pairs, int[] lengths, long maxTokenLength) {
    this.words = words;
    this.pairs = pairs;
    this.lengths = lengths;
    this.maxTokenLength = maxTokenLength;
  }

  /**
   * Fills the empty table; every record is marked as queued with its count.
   *
   * @param most records to keep at the most
   * @param floor the least count that matters
   * @return the least count of which all pairs were kept
   */
  long count(OccurrenceLists lists, int most, long floor) {
    int end = words.end();
    for (int run = 0; run < words.runs(); run++) {
      long count = words.runCount(run);
      int runEnd = words.runStart(run + 1);
      for (int place = words.runStart(run); place < runEnd; ) {
        int left = words.cell(place);
        if (left == end) {
          place++;
          continue;
        }
        place += lengths[left];
        int right = words.cell(place);
        int pair = right == end ? -1 : pair(left, right, true);
        if (pair >= 0) {
          pairs.addToCount(pair, count);
        }
      }
    }
    for (int record = 0; record < pairs.size(); record++) {
      pairs.setQueuedCount(record, pairs.count(record));
    }
    long least = pairs.leastCountOf(most, floor);
    pairs.retain(least);
    Arrays.fill(dense, UNKNOWN);
    list(lists);
    return least;
  }

  /** Adds up what the places of each pair take, and then writes them. */
  private void list(OccurrenceLists lists) {
    Neighbours sizes = new Neighbours(pairs.size());
    forEachPlace(sizes, null);
    long bytes = 0;
    for (int record = 0; record < pairs.size(); record++) {
      bytes += OccurrenceLists.listBytes(sizes.placeBytes(record));
    }
    lists.ensure(bytes);
    for (int record = 0; record < pairs.size(); record++) {
      sizes.setCursor(record, lists.allocate(record, sizes.placeBytes(record)));
    }
    forEachPlace(sizes, lists.data());
  }

  /** Adds each place to its record's, or writes it where a target is given. */
  private void forEachPlace(Neighbours records, byte @Nullable [] target) {
    int end = words.end();
    int length = words.length();
    for (int place = 1; place < length; ) {
      int left = words.cell(place);
      if (left == end) {
        place++;
        continue;
      }
      int next = place + lengths[left];
      int right = words.cell(next);
      int pair = right == end ? -1 : pair(left, right, false);
      if (pair >= 0) {
        if (target == null) {
          records.add(pair, place, 1);
        } else {
          records.write(pair, place, target);
        }
      }
      place = next;
    }
  }

  /** The record of a pair; -1 when it was dropped or its token would be too long. */
  private int pair(int left, int right, boolean add) {
    boolean small = left < DENSE && right < DENSE;
    if (small) {
      int known = dense[left * DENSE + right];
      if (known != UNKNOWN) {
        return known == DROPPED ? -1 : known - 1;
      }
    }
    int record = find(left, right, add);
    if (small) {
      dense[left * DENSE + right] = record < 0 ? DROPPED : record + 1;
    }
    return record;
  }

  private int find(int left, int right, boolean add) {
    // Two single characters are never too long (as in HF).
    long length = (long) lengths[left] + lengths[right];
    if (length > 2 && length >= maxTokenLength) {
      return -1;
    }
    long key = PairTable.key(left, right);
    return add ? pairs.findOrAdd(key) : pairs.find(key);
  }
}
