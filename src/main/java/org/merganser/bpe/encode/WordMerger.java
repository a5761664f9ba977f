package org.merganser.bpe.encode;

import org.merganser.bpe.MergeTable;

/**
 * Merges the symbols of one word: always the pair of lowest rank, of equal ones the leftmost, until
 * no pair merges. Short words are merged by a {@link WordScan}, longer ones by a {@link WordHeap}.
 * Not thread-safe.
 *
 * <p>HF's queue ({@code models/bpe/word.rs}) produces the same result. It would differ only if it
 * acted on a stale entry, which requires that a later pair at the same place merges to the same id.
 * No later pair does: each merge makes the text of the pair at a place longer, since {@link
 * BpeModelBuilder} refuses merges whose right part is empty, and different texts have different
 * ids.
 */
final class WordMerger {
  private final WordScan scan;
  private final WordHeap heap;

  WordMerger(MergeTable merges) {
    this.scan = new WordScan(merges);
    this.heap = new WordHeap(merges);
  }

  /** Merges {@code symbols[from, from + count)} in place and returns how many are left. */
  int merge(int[] symbols, int from, int count) {
    return count <= WordScan.MOST_SYMBOLS
        ? scan.merge(symbols, from, count)
        : heap.merge(symbols, from, count);
  }

  /**
   * Merges the first {@code count} symbols like {@link #merge}, and writes the rank of each step in
   * order. Costs n log n.
   */
  int mergeNotingRanks(int[] symbols, int count, int[] stepRanks) {
    return heap.mergeNotingRanks(symbols, count, stepRanks);
  }

  /**
   * Merges the first {@code count} symbols like {@link #merge}, and writes where each symbol left
   * begins. Costs n log n.
   */
  int mergeNotingPlaces(int[] symbols, int count, int[] placesLeft) {
    return heap.mergeNotingPlaces(symbols, count, placesLeft);
  }

  /** The scan, for a caller that sets the first symbols of a short word with their ranks. */
  WordScan scan() {
    return scan;
  }
}
