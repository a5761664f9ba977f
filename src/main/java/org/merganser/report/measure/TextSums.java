package org.merganser.report.measure;

import java.util.SortedMap;

/**
 * The sums over the text that a {@link TextMeter} measured.
 *
 * @param documents measured; a document that was cut counts once for each part or excerpt
 * @param bytes of the decoded text
 * @param characters of this text: bytes that begin a character
 * @param tokens of text, without special ones
 * @param pieces words and other signs ({@link TextPieces})
 * @param sentences by the rule of {@link Sentences}
 * @param checked texts that were encoded again
 * @param changed those of these texts that had other ids
 * @param words and their tokens in all text
 * @param byScript text by the script's name
 * @param byGroup words by the group of their document; {@code (none)} for documents without a group
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
   * Words and their tokens.
   *
   * @param words by the rule of {@link TextPieces}
   * @param tokens with a part of a word; a token over several words counts once for each word, so
   *     the sum differs from the tokens of text (see {@link ScriptSums})
   * @param whole words that are within one token
   */
  public record WordSums(long words, long tokens, long whole) {
    /** The sums of no words. */
    public static final WordSums ZERO = new WordSums(0, 0, 0);
  }

  /**
   * The text of a script: its words, each with the text between it and the word before. Text after
   * the last word belongs to that word, and text without words is {@code common}. So each byte and
   * each token of text belongs to one script.
   *
   * @param words whose first letter is of the script, and their tokens
   * @param bytes of its text
   * @param tokens that begin in its text, each counted once, even if it spans several words
   */
  public record ScriptSums(WordSums words, long bytes, long tokens) {}
}
