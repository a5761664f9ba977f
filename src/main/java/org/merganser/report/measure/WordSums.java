package org.merganser.report.measure;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/**
 * Words and the tokens that cut them.
 *
 * @param words by the rule of {@link org.merganser.report.measure.TextPieces}
 * @param bytes of the words
 * @param tokens that have a part of a word; a token over several words counts for each
 * @param whole words that lie within one token
 */
@JsonPropertyOrder({"words", "bytes", "tokens", "whole"})
public record WordSums(long words, long bytes, long tokens, long whole) {
  public static final WordSums ZERO = new WordSums(0, 0, 0, 0);

  WordSums plus(WordSums other) {
    return new WordSums(
        Math.addExact(words, other.words),
        Math.addExact(bytes, other.bytes),
        Math.addExact(tokens, other.tokens),
        Math.addExact(whole, other.whole));
  }
}
