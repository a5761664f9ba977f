package org.merganser.bpe.encode;

import java.util.Arrays;
import org.merganser.bpe.MergeTable;

/**
 * Merges the symbols of a word of any length for {@link WordMerger}, by a heap of {@code rank << 32
 * | place}, which bounds the time by n log n. It also notes the steps and the places of what is
 * left. Not thread-safe; scratch space is reused, except that of very long words.
 */
final class WordHeap {
  /** Scratch space above this many symbols is freed after the word. */
  private static final int KEPT = 1 << 16;

  private final MergeTable merges;

  /** By place, where the next symbol begins; -1 if none begins at the place. */
  private int[] next = {};

  /** By place, where the symbol before begins; -1 at the first one. */
  private int[] previous = {};

  /** By place, the rank of the symbol and the next, or {@link MergeTable#NONE}. */
  private int[] ranks = {};

  /** {@code rank << 32 | place} of pairs that merge, some of which are gone. */
  private long[] heap = {};

  /** The number of entries of {@link #heap}. */
  private int heapSize;

  WordHeap(MergeTable merges) {
    this.merges = merges;
  }

  /** Merges {@code symbols[from, from + count)} in place and returns how many are left. */
  int merge(int[] symbols, int from, int count) {
    fillHeap(symbols, from, count);
    while (mergeFirst(symbols, from, count) != MergeTable.NONE) {}
    return finish(symbols, from, count);
  }

  /**
   * Merges the first {@code count} symbols like {@link #merge}, and writes the rank of each step in
   * order.
   */
  int mergeNotingRanks(int[] symbols, int count, int[] stepRanks) {
    fillHeap(symbols, 0, count);
    int steps = 0;
    for (int rank = mergeFirst(symbols, 0, count);
        rank != MergeTable.NONE;
        rank = mergeFirst(symbols, 0, count)) {
      stepRanks[steps++] = rank;
    }
    return finish(symbols, 0, count);
  }

  /**
   * Merges the first {@code count} symbols like {@link #merge}, and writes where each symbol left
   * begins.
   */
  int mergeNotingPlaces(int[] symbols, int count, int[] placesLeft) {
    fillHeap(symbols, 0, count);
    while (mergeFirst(symbols, 0, count) != MergeTable.NONE) {}
    int left = 0;
    for (int place = 0; place < count; place = next[place]) {
      placesLeft[left++] = place;
    }
    return finish(symbols, 0, count);
  }

  /**
   * Merges the first pair of the heap that is still there.
   *
   * @return its rank; {@link MergeTable#NONE} if no pair is left
   */
  private int mergeFirst(int[] symbols, int from, int count) {
    while (heapSize > 0) {
      long top = heap[0];
      pop();
      int place = (int) top;
      int rank = (int) (top >>> 32);
      if (ranks[place] != rank) {
        continue; // the pair at this place has changed since
      }
      symbols[from + place] = merges.result(rank);
      unlinkNext(place, count);
      pushIfMerges(symbols, from, place, count);
      if (previous[place] >= 0) {
        pushIfMerges(symbols, from, previous[place], count);
      }
      return rank;
    }
    return MergeTable.NONE;
  }

  /** Links the symbols, and makes a heap of all pairs that merge. */
  private void fillHeap(int[] symbols, int from, int count) {
    reserve(count);
    heapSize = 0;
    for (int i = 0; i < count; i++) {
      next[i] = i + 1;
      previous[i] = i - 1;
      appendIfMerges(symbols, from, i, count);
    }
    for (int i = heapSize / 2 - 1; i >= 0; i--) {
      siftDown(i, heap[i]);
    }
  }

  /** Removes the symbol after a place from the linked list; entries of its pair become stale. */
  private void unlinkNext(int place, int count) {
    int gone = next[place];
    int after = next[gone];
    ranks[gone] = MergeTable.NONE;
    next[place] = after;
    if (after < count) {
      previous[after] = place;
    }
    next[gone] = -1;
  }

  /** Moves the symbols left together and returns their number; frees large scratch space. */
  private int finish(int[] symbols, int from, int count) {
    int left = 0;
    for (int place = 0; place < count; place = next[place]) {
      symbols[from + left++] = symbols[from + place];
    }
    if (count > KEPT) {
      release();
    }
    return left;
  }

  /** Makes room for a word of {@code count} symbols. */
  private void reserve(int count) {
    if (count > next.length) {
      int size = Math.max(count, Math.min(KEPT, 2 * next.length));
      next = new int[size];
      previous = new int[size];
      ranks = new int[size];
      heap = new long[size];
    }
  }

  /** Frees the scratch space, which a very long word has made large. */
  private void release() {
    next = new int[0];
    previous = new int[0];
    ranks = new int[0];
    heap = new long[0];
  }

  /**
   * Sets the rank of the pair at a place and, if it merges, appends it to the heap, whose order the
   * caller restores.
   *
   * @return whether it merges
   */
  private boolean appendIfMerges(int[] symbols, int from, int place, int count) {
    int after = next[place];
    int rank =
        after < count ? merges.rank(symbols[from + place], symbols[from + after]) : MergeTable.NONE;
    ranks[place] = rank;
    if (rank == MergeTable.NONE) {
      return false;
    }
    if (heapSize == heap.length) {
      heap = Arrays.copyOf(heap, heapSize + (heapSize >> 1) + 16);
    }
    heap[heapSize++] = ((long) rank << 32) | place;
    return true;
  }

  /** Sets the rank of the pair at a place and, if it merges, adds it to the heap. */
  private void pushIfMerges(int[] symbols, int from, int place, int count) {
    if (appendIfMerges(symbols, from, place, count)) {
      siftUp(heapSize - 1);
    }
  }

  /** Moves the entry at an index up to its place in the heap. */
  private void siftUp(int start) {
    int i = start;
    long value = heap[i];
    while (i > 0 && heap[(i - 1) >> 1] > value) {
      heap[i] = heap[(i - 1) >> 1];
      i = (i - 1) >> 1;
    }
    heap[i] = value;
  }

  /** Removes the first entry of the heap. */
  private void pop() {
    heapSize--;
    if (heapSize > 0) {
      siftDown(0, heap[heapSize]);
    }
  }

  /** Puts a value at an index, or below it where it belongs. */
  private void siftDown(int start, long value) {
    int i = start;
    while (true) {
      int child = 2 * i + 1;
      if (child >= heapSize) {
        break;
      }
      if (child + 1 < heapSize && heap[child + 1] < heap[child]) {
        child++;
      }
      if (heap[child] >= value) {
        break;
      }
      heap[i] = heap[child];
      i = child;
    }
    heap[i] = value;
  }
}
