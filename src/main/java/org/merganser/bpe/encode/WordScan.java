package org.merganser.bpe.encode;

import org.merganser.bpe.MergeTable;

/**
 * Merges the symbols of a word of up to {@value #MOST_SYMBOLS} symbols for {@link WordMerger}: a
 * scan of all pairs finds the lowest rank, which is faster for so few than every other structure.
 * Not thread-safe; all scratch space is reused.
 *
 * <p>Symbols keep their places; a bit set has the places that still begin one, so that nothing is
 * moved and few branches depend on the word.
 *
 * <p>{@link #merge(int[], int, int)} looks the first ranks up. A caller that has them in a table
 * calls {@link #setPair} and {@link #setLast} for the symbols of the word instead, then {@link
 * #mergeSet}.
 */
final class WordScan {
  /** The maximum number of symbols: a power of two, and at most the bits of an int. */
  static final int MOST_SYMBOLS = 32;

  /** The lowest bits of a key, which hold its place. */
  private static final int PLACE_BITS = Integer.numberOfTrailingZeros(MOST_SYMBOLS);

  /**
   * The key of a place where nothing merges, and the largest one. Its rank is {@link
   * MergeTable#NONE}, which has all bits of a key between the place and the sign; the lowest bits
   * do not matter.
   */
  private static final int NO_KEY = Integer.MAX_VALUE;

  private final MergeTable merges;

  /**
   * By place: {@code rank of (symbol, next) << PLACE_BITS | place}, so that the minimum is the
   * leftmost of the lowest rank.
   */
  private final int[] keys = new int[MOST_SYMBOLS];

  /** By place, the symbol that begins there. */
  private final int[] symbolAt = new int[MOST_SYMBOLS];

  WordScan(MergeTable merges) {
    this.merges = merges;
  }

  /**
   * Merges {@code symbols[from, from + count)}, at most {@link #MOST_SYMBOLS}, in place; returns
   * how many are left.
   */
  int merge(int[] symbols, int from, int count) {
    if (count < 2) {
      return count;
    }
    int last = count - 1;
    for (int i = 0; i < last; i++) {
      int symbol = symbols[from + i];
      setPair(i, symbol, merges.rank(symbol, symbols[from + i + 1]));
    }
    setLast(last, symbols[from + last]);
    return mergeSet(count, symbols, from);
  }

  /** Sets the symbol at a place, and the rank of its pair with the next symbol. */
  void setPair(int place, int symbol, int rank) {
    symbolAt[place] = symbol;
    keys[place] = key(rank, place);
  }

  /** Sets the last symbol of the word. */
  void setLast(int place, int symbol) {
    symbolAt[place] = symbol;
  }

  /** A rank and the place of its left symbol; 9 and 3 become {@code 9 << 5 | 3}. */
  private static int key(int rank, int place) {
    return (rank << PLACE_BITS) | place;
  }

  /**
   * Merges the {@code count} symbols that were set, at least two, and writes the result to {@code
   * symbols[from]} and on.
   *
   * @return the number of symbols left
   */
  int mergeSet(int count, int[] symbols, int from) {
    int padded = (count + 3) & -4; // the next multiple of 4, as lowestKey needs it
    for (int i = count - 1; i < padded; i++) {
      keys[i] = NO_KEY;
    }
    int begins = -1 >>> (32 - count); // bit i is set while a symbol begins at place i
    int lowest = lowestKey(keys, padded);
    while (lowest >>> PLACE_BITS != MergeTable.NONE) {
      begins = mergeAt(lowest & (MOST_SYMBOLS - 1), merges.result(lowest >>> PLACE_BITS), begins);
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
    int firstHalf = NO_KEY; // of each four keys
    int secondHalf = NO_KEY;
    for (int i = 0; i < count; i += 4) {
      firstHalf = Math.min(firstHalf, Math.min(keys[i], keys[i + 1]));
      secondHalf = Math.min(secondHalf, Math.min(keys[i + 2], keys[i + 3]));
    }
    return Math.min(firstHalf, secondHalf);
  }

  /**
   * Replaces the symbol at a place and the next one by {@code merged}, and renews the keys of this
   * place and of the one before.
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
}
