package org.merganser.learn.ngram;

/**
 * The n-grams of one order, sorted, as one level of a trie: n-gram i continues n-gram p of the
 * level above when {@code above.firstChild[p] <= i < above.firstChild[p + 1]}. 24 bytes an n-gram,
 * 12 on the last level.
 *
 * @param lastSymbols the last symbol of each n-gram
 * @param probabilities of that symbol after those before it
 * @param backoffs the weight of symbols that never follow the n-gram: a factor for their
 *     probability after the n-gram without its first symbol; empty on the last level
 * @param firstChild where its continuations begin on the next level, one more entry than n-grams;
 *     empty on the last level
 */
record NgramLevel(int[] lastSymbols, double[] probabilities, double[] backoffs, int[] firstChild) {
  /** The number of n-grams. */
  int size() {
    return lastSymbols.length;
  }
}
