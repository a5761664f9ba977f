package org.merganser.bpe;

import java.util.Arrays;

/**
 * Counts the pairs of untouched words and lists their words: one pass for counts and sizes, one
 * that writes the lists. Pairs of symbols below {@link #DENSE}, all of them where the vocabulary is
 * new, are found in a square table instead of the hash table.
 */
final class FirstPairs {
  /** The alphabet's ids, unless there are many special tokens before it. */
  private static final int DENSE = 512;

  private final Words words;
  private final PairTable pairs;
  private final int[] lengths;
  private final long maxTokenLength;

  /** Record + 1 by left * DENSE + right. */
  private final int[] dense = new int[DENSE * DENSE];

  /** By record: the last word seen, the bytes of its list, then where the next word goes. */
  private int[] lastWord = new int[1 << 10];

  private int[] wordBytes = new int[1 << 10];

  FirstPairs(Words words, PairTable pairs, int[] lengths, long maxTokenLength) {
    this.words = words;
    this.pairs = pairs;
    this.lengths = lengths;
    this.maxTokenLength = maxTokenLength;
    Arrays.fill(lastWord, -1);
  }

  OccurrenceLists count() {
    for (int word = words.first(); word >= 0; word = words.next()) {
      int n = words.read(word);
      int[] symbols = words.symbols();
      long count = words.count();
      for (int i = 1; i < n; i++) {
        int pair = pair(symbols[i - 1], symbols[i]);
        if (pair < 0) {
          continue;
        }
        pairs.addToCount(pair, count);
        int distance = word - lastWord[pair];
        if (distance != 0) {
          lastWord[pair] = word;
          wordBytes[pair] += Varints.length(distance);
        }
      }
    }
    return list();
  }

  private OccurrenceLists list() {
    long bytes = 0;
    for (int record = 0; record < pairs.size(); record++) {
      bytes += OccurrenceLists.listBytes(wordBytes[record]);
    }
    OccurrenceLists lists = new OccurrenceLists(pairs, bytes + (bytes >> 2));
    lists.ensure(bytes);
    int[] cursor = wordBytes;
    for (int record = 0; record < pairs.size(); record++) {
      cursor[record] = lists.allocate(record, wordBytes[record]);
    }
    Arrays.fill(lastWord, -1);
    for (int word = words.first(); word >= 0; word = words.next()) {
      int n = words.read(word);
      int[] symbols = words.symbols();
      for (int i = 1; i < n; i++) {
        int pair = pair(symbols[i - 1], symbols[i]);
        if (pair >= 0 && lastWord[pair] != word) {
          cursor[pair] = lists.write(cursor[pair], word - lastWord[pair]);
          lastWord[pair] = word;
        }
      }
    }
    return lists;
  }

  /** The record of a pair, or -1 when its token would be too long. */
  private int pair(int left, int right) {
    if (left < DENSE && right < DENSE) {
      int record = dense[left * DENSE + right] - 1;
      if (record >= 0) {
        return record;
      }
    }
    // Two single characters are never too long (as in HF); longer ones occur in a warm start.
    long length = (long) lengths[left] + lengths[right];
    if (length > 2 && length >= maxTokenLength) {
      return -1;
    }
    int record = pairs.findOrAdd(PairTable.key(left, right));
    if (left < DENSE && right < DENSE) {
      dense[left * DENSE + right] = record + 1;
    }
    if (record >= lastWord.length) {
      int old = lastWord.length;
      lastWord = Arrays.copyOf(lastWord, 2 * old);
      Arrays.fill(lastWord, old, lastWord.length, -1);
      wordBytes = Arrays.copyOf(wordBytes, 2 * old);
    }
    return record;
  }
}
