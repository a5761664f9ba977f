package org.merganser.bpe.encode;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.MergeTable;

/**
 * Merges the symbols of one word: always the pair of lowest rank, of equal ones the leftmost, until
 * no pair merges. Not thread-safe; all scratch space is reused.
 *
 * <p>HF's queue ({@code models/bpe/word.rs}) produces the same result. It may act on a stale entry
 * if the pair that is now at its place merges to the same id. This cannot happen: while symbols
 * merge, the string of "the symbol at a place and its right neighbor" only grows, since {@link
 * BpeModel} refuses merges whose right part is empty, and two strings have two ids. So the queue
 * and the rule above agree.
 *
 * <p>Up to {@value #SMALL} symbols a scan finds the minimum, which is faster than every other
 * structure; above, a heap of {@code rank << 32 | place} bounds the time by n log n.
 */
final class WordMerger {
  static final int SMALL = 32;

  private static final int PLACE_BITS = 5;

  /** The key of a place where nothing merges: rank NONE; the lowest bits do not matter. */
  private static final int NO_KEY = Integer.MAX_VALUE;

  /** Scratch space above this many symbols is freed after the word. */
  private static final int KEPT = 1 << 16;

  private final MergeTable merges;

  /**
   * In the scan, by place: {@code rank of (symbol, next) << PLACE_BITS | place}, so that the
   * minimum is the leftmost of the lowest rank.
   */
  private final int[] keys = new int[SMALL];

  /** In the scan, by place: the symbol that begins there. */
  private final int[] symbolAt = new int[SMALL];

  private int[] next = {};
  private int[] previous = {};
  private int[] ranks = {};
  private long[] heap = {};
  private int heapSize;

  private int @Nullable [] noted;

  private int @Nullable [] places;

  WordMerger(MergeTable merges) {
    this.merges = merges;
  }

  /** Merges {@code symbols[from, from + count)} in place and returns how many are left. */
  int merge(int[] symbols, int from, int count) {
    return count <= SMALL ? scan(symbols, from, count) : queue(symbols, from, count);
  }

  /** Merges like {@link #merge} and writes the rank of each step in order. Costs n log n. */
  int mergeAndNote(int[] symbols, int count, int[] steps) {
    noted = steps;
    try {
      return queue(symbols, 0, count);
    } finally {
      noted = null;
    }
  }

  /** Merges like {@link #merge} and writes where each symbol left begins. Costs n log n. */
  int mergeAndPlace(int[] symbols, int count, int[] begins) {
    places = begins;
    try {
      return queue(symbols, 0, count);
    } finally {
      places = null;
    }
  }

  private int scan(int[] symbols, int from, int count) {
    if (count < 2) {
      return count;
    }
    for (int i = 0; i < count - 1; i++) {
      int symbol = symbols[from + i];
      symbolAt[i] = symbol;
      keys[i] = key(merges.rank(symbol, symbols[from + i + 1]), i);
    }
    symbolAt[count - 1] = symbols[from + count - 1];
    return mergeScanned(count, symbols, from);
  }

  /** By place, the first symbols for {@link #mergeScanned}, which the caller sets. */
  int[] symbolAt() {
    return symbolAt;
  }

  /**
   * By place, the {@link #key} of each symbol and the next one, which the caller sets; the last
   * symbol has none.
   */
  int[] keys() {
    return keys;
  }

  /** A rank and the place of its left symbol; 9 and 3 become {@code 9 << 5 | 3}. */
  static int key(int rank, int place) {
    return rank << PLACE_BITS | place;
  }

  /**
   * Merges {@code count} symbols, at least two, and writes the result to {@code symbols[from]} and
   * on. Symbols keep their places; a bit set has the places that still begin one, so that nothing
   * is moved and few branches depend on the word.
   *
   * @return the number of symbols left
   */
  int mergeScanned(int count, int[] symbols, int from) {
    int[] key = keys;
    int[] symbol = symbolAt;
    int padded = count + 3 & -4;
    for (int i = count - 1; i < padded; i++) {
      key[i] = NO_KEY;
    }
    int begins = -1 >>> 32 - count;
    while (true) {
      int best = NO_KEY;
      int best2 = NO_KEY;
      for (int i = 0; i < padded; i += 4) {
        best = Math.min(best, Math.min(key[i], key[i + 1]));
        best2 = Math.min(best2, Math.min(key[i + 2], key[i + 3]));
      }
      best = Math.min(best, best2);
      int rank = best >>> PLACE_BITS;
      if (rank == MergeTable.NONE) {
        break;
      }
      int at = best & SMALL - 1;
      int merged = merges.result(rank);
      symbol[at] = merged;
      int after = begins & -2 << at;
      int gone = Integer.numberOfTrailingZeros(after);
      begins ^= 1 << gone;
      after &= after - 1;
      key[gone] = NO_KEY;
      key[at] =
          after == 0
              ? NO_KEY
              : key(merges.rank(merged, symbol[Integer.numberOfTrailingZeros(after)]), at);
      int before = begins & (1 << at) - 1;
      if (before != 0) {
        int left = 31 - Integer.numberOfLeadingZeros(before);
        key[left] = key(merges.rank(symbol[left], merged), left);
      }
    }
    int n = from;
    for (int rest = begins; rest != 0; rest &= rest - 1) {
      symbols[n++] = symbol[Integer.numberOfTrailingZeros(rest)];
    }
    return n - from;
  }

  private int queue(int[] symbols, int from, int count) {
    reserve(count);
    heapSize = 0;
    int steps = 0;
    for (int i = 0; i < count; i++) {
      next[i] = i + 1;
      previous[i] = i - 1;
      rankAt(symbols, from, i, count);
    }
    for (int i = heapSize / 2 - 1; i >= 0; i--) {
      siftDown(i, heap[i]);
    }
    while (heapSize > 0) {
      long top = heap[0];
      pop();
      int place = (int) top;
      int rank = (int) (top >>> 32);
      if (ranks[place] != rank) {
        continue;
      }
      if (noted != null) {
        noted[steps++] = rank;
      }
      int gone = next[place];
      ranks[gone] = MergeTable.NONE;
      symbols[from + place] = merges.result(rank);
      next[place] = next[gone];
      if (next[gone] < count) {
        previous[next[gone]] = place;
      }
      next[gone] = -1;
      pushed(symbols, from, place, count);
      if (previous[place] >= 0) {
        pushed(symbols, from, previous[place], count);
      }
    }
    int left = 0;
    for (int i = 0; i < count; i = next[i]) {
      if (places != null) {
        places[left] = i;
      }
      symbols[from + left++] = symbols[from + i];
    }
    if (count > KEPT) {
      release();
    }
    return left;
  }

  private void reserve(int count) {
    if (count > next.length) {
      int size = Math.max(count, Math.min(KEPT, 2 * next.length));
      next = new int[size];
      previous = new int[size];
      ranks = new int[size];
      heap = new long[size];
    }
  }

  private void release() {
    next = new int[0];
    previous = new int[0];
    ranks = new int[0];
    heap = new long[0];
  }

  private void rankAt(int[] symbols, int from, int place, int count) {
    int after = next[place];
    int rank =
        after < count ? merges.rank(symbols[from + place], symbols[from + after]) : MergeTable.NONE;
    ranks[place] = rank;
    if (rank != MergeTable.NONE) {
      if (heapSize == heap.length) {
        heap = Arrays.copyOf(heap, heapSize + (heapSize >> 1) + 16);
      }
      heap[heapSize++] = (long) rank << 32 | place;
    }
  }

  private void pushed(int[] symbols, int from, int place, int count) {
    int before = heapSize;
    rankAt(symbols, from, place, count);
    if (heapSize == before) {
      return;
    }
    int i = before;
    long value = heap[i];
    while (i > 0 && heap[(i - 1) >> 1] > value) {
      heap[i] = heap[(i - 1) >> 1];
      i = (i - 1) >> 1;
    }
    heap[i] = value;
  }

  private void pop() {
    heapSize--;
    if (heapSize > 0) {
      siftDown(0, heap[heapSize]);
    }
  }

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
