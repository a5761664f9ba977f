package org.merganser.bpe;

import java.util.Arrays;

/**
 * Merges the symbols of one word: always the pair of lowest rank, of equal ones the leftmost, until
 * no pair merges. For one thread; all scratch space is reused.
 *
 * <p>This is what HF's queue does ({@code models/bpe/word.rs}). There a stale entry may be acted on
 * when the pair that now stands at its place merges to the same id. That cannot happen here: while
 * symbols merge, the string of "the symbol at a place and its right neighbour" only ever grows,
 * since {@link BpeModel} refuses merges whose right part is empty, and two strings have two ids. So
 * the queue and the rule above are one.
 *
 * <p>Up to {@value #SMALL} symbols the minimum is searched by a scan, which beats every clever
 * structure; above, a heap of {@code rank << 32 | place} bounds the time by n log n.
 */
final class WordMerger {
  static final int SMALL = 32;

  /** Scratch space above this many symbols is given back after the word. */
  private static final int KEPT = 1 << 16;

  private final MergeTable merges;

  /** In the scan: {@code rank of (symbol, next) << 32 | symbol}. */
  private final long[] pairs = new long[SMALL];

  private int[] next = {};
  private int[] previous = {};
  private int[] ranks = {};
  private long[] heap = {};
  private int heapSize;

  WordMerger(MergeTable merges) {
    this.merges = merges;
  }

  /**
   * Merges {@code symbols[from, from + count)} in place.
   *
   * @return how many symbols are left, from {@code from} on
   */
  int merge(int[] symbols, int from, int count) {
    return count <= SMALL ? scan(symbols, from, count) : queue(symbols, from, count);
  }

  private int scan(int[] symbols, int from, int count) {
    if (count < 2) {
      return count;
    }
    for (int i = 0; i < count - 1; i++) {
      int symbol = symbols[from + i];
      pairs[i] = pair(merges.rank(symbol, symbols[from + i + 1]), symbol);
    }
    pairs[count - 1] = pair(MergeTable.NONE, symbols[from + count - 1]);
    return mergePairs(count, symbols, from);
  }

  /** Where {@link #mergePairs} takes its input: {@value #SMALL} places. */
  long[] pairs() {
    return pairs;
  }

  /** A symbol and the rank that it has with the next one; 9 and 3 become 0x0000_0009_0000_0003. */
  static long pair(int rank, int symbol) {
    return (long) rank << 32 | symbol;
  }

  /**
   * Merges the first {@code count} of {@link #pairs}, the last of which has no rank, and writes the
   * symbols that are left to {@code symbols[from]} and on.
   *
   * @return how many they are
   */
  int mergePairs(int count, int[] symbols, int from) {
    long[] pair = pairs;
    int n = count;
    while (n > 1) {
      long best = pair[0];
      int at = 0;
      for (int i = 1; i < n; i++) {
        // Equal ranks are equal pairs and so equal longs: the leftmost stays.
        if (pair[i] < best) {
          best = pair[i];
          at = i;
        }
      }
      int rank = (int) (best >>> 32);
      if (rank == MergeTable.NONE) {
        break;
      }
      int merged = merges.result(rank);
      n--;
      for (int i = at + 1; i < n; i++) {
        pair[i] = pair[i + 1];
      }
      int right = at + 1 < n ? merges.rank(merged, (int) pair[at + 1]) : MergeTable.NONE;
      pair[at] = pair(right, merged);
      if (at > 0) {
        int left = (int) pair[at - 1];
        pair[at - 1] = pair(merges.rank(left, merged), left);
      }
    }
    for (int i = 0; i < n; i++) {
      symbols[from + i] = (int) pair[i];
    }
    return n;
  }

  private int queue(int[] symbols, int from, int count) {
    reserve(count);
    heapSize = 0;
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

  /** Sets the rank at a place and appends it to the heap without order. */
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
