package org.merganser.bpe;

import java.util.Arrays;
import org.merganser.binary.HashMultiplier;

/**
 * Finds the rank of a pair of ids: open addressing over packed longs. A slot holds {@code left,
 * right, rank} in as many bits as the model needs: with 18 bits an id and 18 a rank, the pair (3,
 * 7) of rank 9 is {@code 3 << 36 | 7 << 18 | 9}, so that one load finds the rank. If the three
 * exceed 64 bits (above two million ids), the ranks are in a second array.
 *
 * <p>Most pairs have no merge, and the slots of a large model exceed a core's cache. So a filter of
 * 12 to 24 bits a merge, but of at most half a megabyte, which fits that cache, is read first: if
 * the bit at the pair's hash is clear, the pair has no rank.
 */
public final class MergeTable {
  /**
   * The rank of a pair that does not merge: above every rank, and small enough for five more bits
   * in an int, which {@code WordScan} uses for a place.
   */
  public static final int NONE = (1 << 26) - 1;

  /** The binary logarithm of the filter's maximum number of bits: half a megabyte. */
  private static final int MOST_FILTER_LOG = 22;

  /** An empty slot. */
  private static final long EMPTY = -1;

  /** In place of {@link #resultOffset} if no offset leads to all results. */
  private static final int NO_OFFSET = Integer.MIN_VALUE;

  /** The pairs, with their ranks unless {@link #ranksBeside} has these; {@link #EMPTY} for none. */
  private final long[] slots;

  /** By slot, its rank; empty if the slots have the ranks themselves. */
  private final int[] ranksBeside;

  /** The shift of a hash to a slot. */
  private final int hashShift;

  /** Bits at the hashes of the pairs. */
  private final long[] filter;

  /** The shift of a hash to the number of a bit in the filter. */
  private final int filterShift;

  /** The bits of an id in a slot. */
  private final int idBits;

  /** The bits of a rank in a slot; 0 if the ranks are beside the slots. */
  private final int rankBits;

  /** By rank, the id that the merge produces. */
  private final int[] results;

  /** Whether a pair has more than one merge. */
  private final boolean repeats;

  /** The number to add to a rank to obtain its result, or {@link #NO_OFFSET}. */
  private final int resultOffset;

  /**
   * @param pairs left and right ids by rank; if a pair occurs twice, its last rank counts, as in HF
   * @param results the merged ids by rank
   * @param idBound one more than the largest id
   * @throws IllegalArgumentException above 67 million merges
   */
  public MergeTable(int[] pairs, int[] results, int idBound) {
    if (results.length >= NONE) {
      throw new IllegalArgumentException(
          results.length + " merges are more than the " + (NONE - 1) + " that a model may have");
    }
    // An id of all ones stays unused, so that no pair equals an empty slot.
    int bitsOfId = Integer.SIZE - Integer.numberOfLeadingZeros(idBound);
    int bitsOfRank = Integer.SIZE - Integer.numberOfLeadingZeros(results.length);
    boolean packed = 2 * bitsOfId + bitsOfRank <= Long.SIZE;
    this.idBits = packed ? bitsOfId : Integer.SIZE;
    this.rankBits = packed ? bitsOfRank : 0;
    this.results = results;
    this.resultOffset = offsetOf(results);
    int slotsLog = slotsLog(Math.max(8, results.length));
    this.slots = new long[1 << slotsLog];
    this.ranksBeside = packed ? new int[0] : new int[1 << slotsLog];
    this.hashShift = Long.SIZE - slotsLog;
    int filterLog = Math.min(MOST_FILTER_LOG, slotsLog + 3); // eight bits a slot
    this.filter = new long[(1 << filterLog) / Long.SIZE];
    this.filterShift = Long.SIZE - filterLog;
    Arrays.fill(slots, EMPTY);
    boolean known = false;
    for (int rank = 0; rank < results.length; rank++) {
      known |= put(key(pairs[2 * rank], pairs[2 * rank + 1]), rank);
    }
    this.repeats = known;
  }

  /** The rank of the pair, or {@link #NONE}. */
  public int rank(int left, int right) {
    long key = key(left, right);
    long hash = key * HashMultiplier.GOLDEN_RATIO;
    long bit = hash >>> filterShift;
    if (((filter[(int) (bit >>> 6)] >>> bit) & 1) == 0) {
      return NONE;
    }
    long[] table = slots;
    int slot = (int) (hash >>> hashShift);
    while (true) {
      long found = table[slot];
      if (found >>> rankBits == key) {
        return rankBits == 0 ? ranksBeside[slot] : (int) found & ((1 << rankBits) - 1);
      }
      if (found == EMPTY) {
        return NONE;
      }
      slot = (slot + 1) & (table.length - 1);
    }
  }

  /** The number of merges. */
  public int size() {
    return results.length;
  }

  /** Whether a pair has more than one merge. */
  public boolean repeats() {
    return repeats;
  }

  /** The id that the merge of {@code rank} produces. */
  public int result(int rank) {
    return resultOffset == NO_OFFSET ? results[rank] : rank + resultOffset;
  }

  /** Sets the rank of a pair; returns whether it had one before. */
  private boolean put(long key, int rank) {
    long hash = key * HashMultiplier.GOLDEN_RATIO;
    long bit = hash >>> filterShift;
    filter[(int) (bit >>> 6)] |= 1L << bit;
    int slot = (int) (hash >>> hashShift);
    while (slots[slot] != EMPTY && slots[slot] >>> rankBits != key) {
      slot = (slot + 1) & (slots.length - 1);
    }
    boolean known = slots[slot] != EMPTY;
    if (rankBits == 0) {
      slots[slot] = key;
      ranksBeside[slot] = rank;
    } else {
      slots[slot] = (key << rankBits) | rank;
    }
    return known;
  }

  /**
   * What to add to each rank to obtain its result, or {@link #NO_OFFSET}: in most models the
   * results are consecutive ids by rank, so they are computed instead of loaded.
   */
  private static int offsetOf(int[] results) {
    for (int rank = 1; rank < results.length; rank++) {
      if (results[rank] - rank != results[0]) {
        return NO_OFFSET;
      }
    }
    return results.length == 0 ? NO_OFFSET : results[0];
  }

  /** The binary logarithm of the number of slots, of which a third to two thirds are used. */
  private static int slotsLog(int merges) {
    return Integer.SIZE - Integer.numberOfLeadingZeros(merges + (merges >> 1));
  }

  /** The ids of a pair as one number, which is in a slot above its rank. */
  private long key(int left, int right) {
    return ((long) left << idBits) | right;
  }
}
