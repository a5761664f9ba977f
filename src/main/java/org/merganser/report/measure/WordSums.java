package org.merganser.report.measure;

/**
 * Words and the tokens that cut them.
 *
 * @param words by the rule of {@link org.merganser.report.measure.TextPieces}
 * @param tokens of each word, those that have a part of it; a token over several words counts for
 *     each of them, so these are not tokens of text ({@link ScriptSums} has those)
 * @param whole words that lie within one token
 */
public record WordSums(long words, long tokens, long whole) {
  public static final WordSums ZERO = new WordSums(0, 0, 0);
}
