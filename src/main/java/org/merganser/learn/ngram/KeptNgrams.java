package org.merganser.learn.ngram;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The n-grams of one order that a model keeps, with their counts. After all are added, {@link
 * #sort} orders them, if they do not come in order. An n-gram takes 4 · order + 16 bytes, up to
 * twice as much while n-grams are added, and as much again and 8 bytes while they are sorted.
 */
final class KeptNgrams {
  private final int order;

  /** The symbols of n-gram i begin at i × order. */
  private int[] symbols = new int[1024];

  /** The occurrences of each n-gram. */
  private long[] counts = new long[256];

  /** The adjusted count of each n-gram ({@link AdjustedCounts}). */
  private long[] adjusted = new long[256];

  private int size;

  /** No n-grams of an order. */
  KeptNgrams(int order) {
    this.order = order;
  }

  /** The number of n-grams. */
  int size() {
    return size;
  }

  /** Adds the n-gram {@code ngram[from, from + order)}. */
  void add(int[] ngram, int from, long count, long adjustedCount) {
    if (size == counts.length) {
      counts = Arrays.copyOf(counts, Math.multiplyExact(size, 2));
      adjusted = Arrays.copyOf(adjusted, counts.length);
    }
    if ((size + 1) * (long) order > symbols.length) {
      symbols = Arrays.copyOf(symbols, Math.multiplyExact(counts.length, order));
    }
    System.arraycopy(ngram, from, symbols, size * order, order);
    counts[size] = count;
    adjusted[size] = adjustedCount;
    size++;
  }

  /** Sorts the n-grams by their symbols, the first one first; call it after the last one. */
  void sort() {
    long[] sorted = new long[size];
    Arrays.setAll(sorted, i -> i);
    sort(sorted, 0, size, 0);
    int[] sortedSymbols = new int[size * order];
    long[] sortedCounts = new long[size];
    long[] sortedAdjusted = new long[size];
    for (int i = 0; i < size; i++) {
      int number = (int) sorted[i];
      System.arraycopy(symbols, number * order, sortedSymbols, i * order, order);
      sortedCounts[i] = counts[number];
      sortedAdjusted[i] = adjusted[number];
    }
    symbols = sortedSymbols;
    counts = sortedCounts;
    adjusted = sortedAdjusted;
  }

  /** The symbols of all n-grams, one n-gram after the other; not a copy. */
  int[] symbols() {
    return symbols;
  }

  /** The occurrences of an n-gram. */
  long count(int ngram) {
    return counts[ngram];
  }

  /** The adjusted count of an n-gram. */
  long adjusted(int ngram) {
    return adjusted[ngram];
  }

  /** The last symbol of an n-gram. */
  int last(int ngram) {
    return symbols[ngram * order + order - 1];
  }

  /**
   * The number of the first continuation of each n-gram that is one symbol shorter. Both lists must
   * be sorted, as {@link #sort} or a file leaves them.
   *
   * @param above the shorter n-grams; null for unigrams, each of which has its symbol as number
   * @param aboveSize the number of shorter n-grams
   * @return one entry more than there are shorter n-grams: the last one is {@link #size}
   * @throws IllegalStateException if an n-gram continues none of the shorter ones
   */
  int[] firstChild(@Nullable KeptNgrams above, int aboveSize) {
    int[] first = new int[aboveSize + 1];
    int at = 0;
    for (int parent = 0; parent < aboveSize; parent++) {
      first[parent] = at;
      while (at < size && continues(at, above, parent)) {
        at++;
      }
    }
    first[aboveSize] = at;
    if (at != size) {
      throw new IllegalStateException("n-gram " + at + " of order " + order + " has no beginning");
    }
    return first;
  }

  /**
   * Sorts n-grams by the symbol at {@code depth}, then each run of equal ones by the next. A long
   * has the symbol to compare above the n-gram's number, so that a sort of longs moves both: symbol
   * 3 of n-gram 7 becomes 0x0000_0003_0000_0007.
   */
  private void sort(long[] numbers, int from, int to, int depth) {
    for (int i = from; i < to; i++) {
      int number = (int) numbers[i];
      numbers[i] = ((long) symbols[number * order + depth] << 32) | number;
    }
    Arrays.sort(numbers, from, to);
    if (depth + 1 == order) {
      return;
    }
    int start = from;
    for (int i = from + 1; i <= to; i++) {
      if (i == to || (numbers[i] >>> 32) != (numbers[start] >>> 32)) {
        if (i - start > 1) {
          sort(numbers, start, i, depth + 1);
        }
        start = i;
      }
    }
  }

  /** Whether an n-gram begins with the shorter n-gram of a number. */
  private boolean continues(int ngram, @Nullable KeptNgrams above, int parent) {
    int from = ngram * order;
    return above == null
        ? symbols[from] == parent
        : Arrays.equals(
            symbols,
            from,
            from + order - 1,
            above.symbols,
            parent * (order - 1),
            (parent + 1) * (order - 1));
  }
}
