package org.merganser.bpe.train;

import java.util.Arrays;

/**
 * One merge and its places, ascending, each with the adjacent symbols. {@link #begin} starts
 * another merge; {@link PretokenSymbols#merge} then writes its places into the arrays.
 */
public final class MergedPlaces {
  /** The minimum length of the arrays. */
  private static final int LEAST_CAPACITY = 1 << 12;

  /** The places, then unused space. */
  private int[] places = new int[LEAST_CAPACITY];

  /** By index of a place, the symbol before the token. */
  private int[] before = new int[LEAST_CAPACITY];

  /** By index of a place, the symbol after the token. */
  private int[] after = new int[LEAST_CAPACITY];

  /** The number of places. */
  private int size;

  private int left;
  private int right;
  private int token;

  /** Begins another merge, and frees space of which the last merge used less than an eighth. */
  void begin(int leftPart, int rightPart, int merged) {
    left = leftPart;
    right = rightPart;
    token = merged;
    if (places.length > LEAST_CAPACITY && size < places.length / 8) {
      int length = Math.max(LEAST_CAPACITY, 2 * size);
      places = new int[length];
      before = new int[length];
      after = new int[length];
    }
    size = 0;
  }

  /** The left part of the merge. */
  public int left() {
    return left;
  }

  /** The right part of the merge. */
  public int right() {
    return right;
  }

  /** The merged token. */
  public int token() {
    return token;
  }

  /** The number of places where the pair was merged. */
  public int size() {
    return size;
  }

  /** The places of the merged token; the first {@link #size} count. */
  public int[] places() {
    return places;
  }

  /** By index of a place, the symbol before the token, or the end of a word. */
  public int[] before() {
    return before;
  }

  /** By index of a place, the symbol after the token, or the end of a word. */
  public int[] after() {
    return after;
  }

  /** Makes room for {@code n} more places. */
  void ensureMore(int n) {
    if (size + n > places.length) {
      int larger = Math.max(size + n, places.length + (places.length >> 1));
      places = Arrays.copyOf(places, larger);
      before = Arrays.copyOf(before, larger);
      after = Arrays.copyOf(after, larger);
    }
  }

  /** Sets the number of places after a caller has written them to the arrays. */
  void setSize(int size) {
    this.size = size;
  }

  /**
   * Counts the symbols next to the merged token by side, and notes where the new pairs begin.
   *
   * @param lengths cells of each symbol
   */
  void countNeighbors(
      PretokenSymbols words,
      int[] lengths,
      NeighborPairChanges leftSide,
      NeighborPairChanges rightSide) {
    int endOfWord = words.end();
    int run = -1;
    int runEnd = 0;
    long count = 0;
    for (int i = 0; i < size; i++) {
      int place = places[i];
      if (place >= runEnd) {
        run = words.runOf(place, run + 1);
        runEnd = words.runStart(run + 1);
        count = words.runCount(run);
      }
      if (before[i] != endOfWord) {
        leftSide.add(before[i], place - lengths[before[i]], count);
      }
      if (after[i] != endOfWord) {
        rightSide.add(after[i], place, count);
      }
    }
  }

  /**
   * Writes the places of the new pairs into their lists.
   *
   * @param endOfWord the symbol between words
   * @param lengths cells of each symbol
   * @param leftPairs by left neighbor, where its next place is written
   * @param rightPairs the same by right neighbor
   * @param target the array of the lists
   */
  void listNewPairs(
      int endOfWord,
      int[] lengths,
      PairPlaceCounts leftPairs,
      PairPlaceCounts rightPairs,
      char[] target) {
    for (int i = 0; i < size; i++) {
      int place = places[i];
      if (before[i] != endOfWord) {
        leftPairs.write(before[i], place - lengths[before[i]], target);
      }
      if (after[i] != endOfWord) {
        rightPairs.write(after[i], place, target);
      }
    }
  }
}
