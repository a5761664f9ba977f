package org.merganser.bpe;

import java.util.Arrays;

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
    for (int word = words.first(); word >= 0; word = words.next()) {
      int n = words.read(word);
      int[] symbols = words.symbols();
      long count = words.count();
      for (int i = 1; i < n; i++) {
        int pair = pair(symbols[i - 1], symbols[i], true);
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

  private void list(OccurrenceLists lists) {
    int[] lastWord = new int[pairs.size()];
    int[] wordBytes = new int[pairs.size()];
    Arrays.fill(lastWord, -1);
    for (int word = words.first(); word >= 0; word = words.next()) {
      int n = words.read(word);
      int[] symbols = words.symbols();
      for (int i = 1; i < n; i++) {
        int pair = pair(symbols[i - 1], symbols[i], false);
        if (pair >= 0 && lastWord[pair] != word) {
          wordBytes[pair] += Varints.length(word - lastWord[pair]);
          lastWord[pair] = word;
        }
      }
    }
    long bytes = 0;
    for (int size : wordBytes) {
      bytes += OccurrenceLists.listBytes(size);
    }
    lists.ensure(bytes);
    int[] cursor = wordBytes;
    for (int record = 0; record < cursor.length; record++) {
      cursor[record] = lists.allocate(record, wordBytes[record]);
    }
    Arrays.fill(lastWord, -1);
    for (int word = words.first(); word >= 0; word = words.next()) {
      int n = words.read(word);
      int[] symbols = words.symbols();
      for (int i = 1; i < n; i++) {
        int pair = pair(symbols[i - 1], symbols[i], false);
        if (pair >= 0 && lastWord[pair] != word) {
          cursor[pair] = lists.write(cursor[pair], word - lastWord[pair]);
          lastWord[pair] = word;
        }
      }
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
