package org.merganser.text.scan;

/**
 * Where a document may be cut so that its two parts have the pretokens of the complete text: only
 * at a place where the pre-tokenizer provably starts a pretoken in any context. {@link
 * PatternCutRule} has the places of the known patterns, and their proof.
 */
public interface CutRule {
  /**
   * The last allowed cut between {@code from} and {@code to}, both exclusive, or -1. The text
   * before a cut and the text from it on can be pre-tokenized separately with the same result.
   *
   * @param text well-formed UTF-8 up to {@code to}, which may be inside a character
   */
  int lastCut(byte[] text, int from, int to);
}
