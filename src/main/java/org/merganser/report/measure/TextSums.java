package org.merganser.report.measure;

import java.util.SortedMap;
import org.merganser.report.measure.TextSums.WordSums;

/**
 * What the measured part of the text adds up to.
 *
 * @param documents measured; a document that was cut counts once for each part or excerpt
 * @param bytes of their text, as the tokens give it back
 * @param characters of it: bytes that begin one
 * @param tokens of text, without special ones
 * @param pieces words and other signs ({@link org.merganser.report.measure.TextPieces})
 * @param sentences by the rule of {@link org.merganser.report.measure.Sentences}
 * @param checked texts that were encoded again
 * @param changed those of them that have other ids then
 * @param words of all text
 * @param byScript text by script
 * @param byGroup words by the group of their document; of those without one {@code (none)}
 */
public record TextSums(
    long documents,
    long bytes,
    long characters,
    long tokens,
    long pieces,
    long sentences,
    long checked,
    long changed,
    WordSums words,
    SortedMap<String, ScriptSums> byScript,
    SortedMap<String, WordSums> byGroup) {
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

  /**
   * The text of a script: its words, each with what stands between it and the word before. What
   * follows the last word of a text goes with that word, and text without words is {@code common}.
   * So each byte and each token of text belongs to one script.
   *
   * @param words whose first letter is of the script
   * @param bytes of its text
   * @param tokens that begin in its text, each counted once, over however many words it goes
   */
  public record ScriptSums(WordSums words, long bytes, long tokens) {}
}
