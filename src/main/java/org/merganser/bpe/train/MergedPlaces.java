package org.merganser.bpe.train;

import java.util.Arrays;

/** One merge and its places, ascending, each with the adjacent symbols. */
public final class MergedPlaces {
  private static final int LEAST = 1 << 12;

  private int[] places = new int[LEAST];
  private int[] before = new int[LEAST];
  private int[] after = new int[LEAST];
  private int size;
  private int left;
  private int right;
  private int token;

  /** Begins another merge, and frees space that only a much larger one needed. */
  void begin(int leftPart, int rightPart, int merged) {
    left = leftPart;
    right = rightPart;
    token = merged;
    if (places.length > LEAST && size < places.length / 8) {
      int length = Math.max(LEAST, 2 * size);
      places = new int[length];
      before = new int[length];
      after = new int[length];
    }
    size = 0;
  }

  public int left() {
    return left;
  }

  public int right() {
    return right;
  }

  public int token() {
    return token;
  }

  void ensureMore(int n) {
    if (size + n > places.length) {
      int larger = Math.max(size + n, places.length + (places.length >> 1));
      places = Arrays.copyOf(places, larger);
      before = Arrays.copyOf(before, larger);
      after = Arrays.copyOf(after, larger);
    }
  }

  public int size() {
    return size;
  }

  void setSize(int size) {
    this.size = size;
  }

  public int[] places() {
    return places;
  }

  public int[] before() {
    return before;
  }

  public int[] after() {
    return after;
  }

  /** Counts the symbols next to the merged token, and notes where the new pairs begin. */
  void countNeighbours(
      PretokenSymbols words,
      int[] lengths,
      NeighbourPairChanges leftSide,
      NeighbourPairChanges rightSide) {
    int end = words.end();
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
      if (before[i] != end) {
        leftSide.add(before[i], place - lengths[before[i]], count);
      }
      if (after[i] != end) {
        rightSide.add(after[i], place, count);
      }
    }
  }

  void listNewPairs(
      int end,
      int[] lengths,
      PairPlaceCounts leftPairs,
      PairPlaceCounts rightPairs,
      char[] target) {
    for (int i = 0; i < size; i++) {
      int place = places[i];
      if (before[i] != end) {
        leftPairs.write(before[i], place - lengths[before[i]], target);
      }
      if (after[i] != end) {
        rightPairs.write(after[i], place, target);
      }
    }
  }
}
