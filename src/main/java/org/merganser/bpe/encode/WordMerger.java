package org.merganser.bpe.encode;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.MergeTable;

/**
 * Merges the symbols of one word: always the pair of lowest rank, of equal ones the leftmost, until
 * no pair merges. Not thread-safe; all scratch space is reused.
 *
 * <p>HF's queue ({@code models/bpe/word.rs}) produces the same result. It would differ only if it
 * acted on a stale entry, which requires that a later pair at the same place merges to the same id.
 * No later pair does: each merge makes the text of the pair at a place longer, since {@link
 * BpeModelBuilder} refuses merges whose right part is empty, and different texts have different
 * ids.
 *
 * <p>In words of up to {@value #SMALL} symbols, a scan of all pairs finds the lowest rank, which is
 * faster than every other structure. In longer ones, a heap of {@code rank << 32 | place} bounds
 * the time by n log n.
 */
final class WordMerger {
  /** Places of a scan: a power of two, and at most the bits of an int. */
  static final int SMALL = 32;

  /** The lowest bits of a key, which hold its place. */
  private static final int PLACE_BITS = Integer.numberOfTrailingZeros(SMALL);

  /**
   * The key of a place where nothing merges, and the largest one. Its rank is {@link
   * MergeTable#NONE}, which has all bits of a key between the place and the sign; the lowest bits
   * do not matter.
   */
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

  /** In the queue, by place: where the next symbol begins; -1 if none begins at the place. */
  private int[] next = {};

  /** In the queue, by place: where the symbol before begins; -1 at the first one. */
  private int[] previous = {};

  /** In the queue, by place: the rank of the symbol and the next, or {@link MergeTable#NONE}. */
  private int[] ranks = {};

  /** In the queue: {@code rank << 32 | place} of pairs that merge, some of which are gone. */
  private long[] heap = {};

  /** The number of entries of {@link #heap}. */
  private int heapSize;

  WordMerger(MergeTable merges) {
    this.merges = merges;
  }

  /** Merges {@code symbols[from, from + count)} in place and returns how many are left. */
  int merge(int[] symbols, int from, int count) {
    return count <= SMALL
        ? mergeByScan(symbols, from, count)
        : mergeByQueue(symbols, from, count, null, null);
  }

  /**
   * Merges the first {@code count} symbols like {@link #merge}, and writes the rank of each step in
   * order. Costs n log n.
   */
  int mergeNotingRanks(int[] symbols, int count, int[] stepRanks) {
    return mergeByQueue(symbols, 0, count, stepRanks, null);
  }

  /**
   * Merges the first {@code count} symbols like {@link #merge}, and writes where each symbol left
   * begins. Costs n log n.
   */
  int mergeNotingPlaces(int[] symbols, int count, int[] placesLeft) {
    return mergeByQueue(symbols, 0, count, null, placesLeft);
  }

  /** As {@link #merge}, for at most {@link #SMALL} symbols. */
  private int mergeByScan(int[] symbols, int from, int count) {
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
    return (rank << PLACE_BITS) | place;
  }

  /**
   * Merges {@code count} symbols, at least two, and writes the result to {@code symbols[from]} and
   * on. Symbols keep their places; a bit set has the places that still begin one, so that nothing
   * is moved and few branches depend on the word.
   *
   * @return the number of symbols left
   */
  int mergeScanned(int count, int[] symbols, int from) {
    int padded = (count + 3) & -4; // the next multiple of 4, as lowestKey needs it
    for (int i = count - 1; i < padded; i++) {
      keys[i] = NO_KEY;
    }
    int begins = -1 >>> (32 - count); // bit i is set while a symbol begins at place i
    int lowest = lowestKey(keys, padded);
    while (lowest >>> PLACE_BITS != MergeTable.NONE) {
      begins = mergeAt(lowest & (SMALL - 1), merges.result(lowest >>> PLACE_BITS), begins);
      lowest = lowestKey(keys, padded);
    }
    int end = from;
    for (int rest = begins; rest != 0; rest &= rest - 1) {
      symbols[end++] = symbolAt[Integer.numberOfTrailingZeros(rest)];
    }
    return end - from;
  }

  /** The minimum of the first {@code count} keys, a multiple of 4, by two minima side by side. */
  private static int lowestKey(int[] keys, int count) {
    int even = NO_KEY;
    int odd = NO_KEY;
    for (int i = 0; i < count; i += 4) {
      even = Math.min(even, Math.min(keys[i], keys[i + 1]));
      odd = Math.min(odd, Math.min(keys[i + 2], keys[i + 3]));
    }
    return Math.min(even, odd);
  }

  /**
   * Replaces the symbol at a place and the next one by {@code merged} in the scan, and renews the
   * keys of this place and of the one before.
   *
   * @param begins the places where symbols begin, as bits
   * @return these bits without the place of the next symbol
   */
  private int mergeAt(int place, int merged, int begins) {
    symbolAt[place] = merged;
    int after = begins & (-2 << place); // the places after this one where symbols begin
    int gone = Integer.numberOfTrailingZeros(after);
    keys[gone] = NO_KEY;
    int rest = after & (after - 1); // without the lowest of them, which is gone
    keys[place] =
        rest == 0
            ? NO_KEY
            : key(merges.rank(merged, symbolAt[Integer.numberOfTrailingZeros(rest)]), place);
    int before = begins & ((1 << place) - 1);
    if (before != 0) {
      int left = 31 - Integer.numberOfLeadingZeros(before);
      keys[left] = key(merges.rank(symbolAt[left], merged), left);
    }
    return begins ^ (1 << gone);
  }

  /**
   * Merges like {@link #merge}, always the first pair of the heap that is still there.
   *
   * @param stepRanks receives the rank of each step; null if nobody asks for them
   * @param placesLeft receives where each symbol left begins; null if nobody asks for it
   */
  private int mergeByQueue(
      int[] symbols, int from, int count, int @Nullable [] stepRanks, int @Nullable [] placesLeft) {
    fillHeap(symbols, from, count);
    int steps = 0;
    while (heapSize > 0) {
      long top = heap[0];
      pop();
      int place = (int) top;
      int rank = (int) (top >>> 32);
      if (ranks[place] != rank) {
        continue; // the pair at this place has changed since
      }
      if (stepRanks != null) {
        stepRanks[steps++] = rank;
      }
      symbols[from + place] = merges.result(rank);
      unlinkNext(place, count);
      pushIfMerges(symbols, from, place, count);
      if (previous[place] >= 0) {
        pushIfMerges(symbols, from, previous[place], count);
      }
    }
    int left = compact(symbols, from, count, placesLeft);
    if (count > KEPT) {
      release();
    }
    return left;
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

  /**
   * Moves the symbols left together, and notes where they began on request; returns their number.
   */
  private int compact(int[] symbols, int from, int count, int @Nullable [] placesLeft) {
    int left = 0;
    for (int i = 0; i < count; i = next[i]) {
      if (placesLeft != null) {
        placesLeft[left] = i;
      }
      symbols[from + left++] = symbols[from + i];
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

  /** Frees the scratch space of the queue, which a very long word has made large. */
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
