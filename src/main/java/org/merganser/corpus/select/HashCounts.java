package org.merganser.corpus.select;

import java.util.ArrayList;
import java.util.List;
import org.merganser.corpus.CorpusException;

/**
 * Counts the documents of each hash of a text, in a table with open addressing and linear probing
 * that is at most half full. A hash has two halves of 64 bits, of which at least one is not 0.
 */
final class HashCounts {
  /** The most slots: an array has room for two longs for each. */
  private static final int MOST_SLOTS = 1 << 29;

  /** Two longs for each slot: the halves of a hash, or zeros in an empty slot. */
  private long[] table = new long[2 << 10];

  /** By slot, the number of documents of its hash. */
  private int[] documents = new int[1 << 10];

  /** The number of hashes in the table. */
  private int distinct;

  /**
   * Counts a document of a hash.
   *
   * @return whether it is the first document of the hash
   * @throws CorpusException for more than 2^28 hashes, with which the largest table is half full
   */
  boolean add(long high, long low) {
    int slot = slot(table, high, low);
    documents[slot]++;
    if ((table[2 * slot] | table[2 * slot + 1]) != 0) {
      return false;
    }
    table[2 * slot] = high;
    table[2 * slot + 1] = low;
    distinct++;
    if (2L * distinct > documents.length) {
      grow();
    }
    return true;
  }

  /** The hashes of the most documents; keeps few at a time, since the table may be large. */
  List<FrequentHash> mostFrequent() {
    List<FrequentHash> most = new ArrayList<>();
    for (int slot = 0; slot < documents.length; slot++) {
      if (documents[slot] > 1) {
        most.add(new FrequentHash(table[2 * slot], table[2 * slot + 1], documents[slot]));
        if (most.size() > 2 * FrequentHash.MOST) {
          most = FrequentHash.mostFrequent(most);
        }
      }
    }
    return FrequentHash.mostFrequent(most);
  }

  /** The slot of a hash in a table; if it is not there, the empty slot where it belongs. */
  private static int slot(long[] table, long high, long low) {
    int mask = table.length / 2 - 1;
    int slot = (int) low & mask;
    while (true) {
      long highThere = table[2 * slot];
      long lowThere = table[2 * slot + 1];
      boolean isEmpty = (highThere | lowThere) == 0;
      if (isEmpty || (highThere == high && lowThere == low)) {
        return slot;
      }
      slot = (slot + 1) & mask;
    }
  }

  /**
   * Doubles the table. The message speaks of one bucket, since {@code FindDuplicates} divides the
   * buckets among more searches long before one search has so many texts.
   */
  private void grow() {
    if (documents.length >= MOST_SLOTS) {
      throw new CorpusException(
          "corpus.deduplicate: more than "
              + MOST_SLOTS / 2
              + " distinct texts in one of "
              + TextHashes.BUCKETS
              + " hash buckets; deduplicate parts of the corpus apart");
    }
    long[] larger = new long[2 * table.length];
    int[] counts = new int[2 * documents.length];
    for (int i = 0; i < table.length; i += 2) {
      if ((table[i] | table[i + 1]) != 0) {
        int slot = slot(larger, table[i], table[i + 1]);
        larger[2 * slot] = table[i];
        larger[2 * slot + 1] = table[i + 1];
        counts[slot] = documents[i / 2];
      }
    }
    table = larger;
    documents = counts;
  }
}
