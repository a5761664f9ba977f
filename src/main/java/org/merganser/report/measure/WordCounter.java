package org.merganser.report.measure;

import org.merganser.report.measure.TextSums.WordSums;

/** Counts words and their tokens, for {@link WordSums}. */
final class WordCounter {
  private long words;
  private long tokens;

  /** The words that are within one token. */
  private long whole;

  /**
   * Counts a word.
   *
   * @param tokensOfWord the number of tokens that have a part of it
   */
  void add(int tokensOfWord) {
    words++;
    tokens += tokensOfWord;
    if (tokensOfWord == 1) {
      whole++;
    }
  }

  /**
   * Adds another counter to this one, and returns this one.
   *
   * @throws ArithmeticException if a sum exceeds a long; this one must not be used any further then
   */
  WordCounter addAll(WordCounter other) {
    words = Math.addExact(words, other.words);
    tokens = Math.addExact(tokens, other.tokens);
    whole = Math.addExact(whole, other.whole);
    return this;
  }

  /** The sums over all words so far. */
  WordSums sums() {
    return new WordSums(words, tokens, whole);
  }
}
