package org.merganser.text.scan;

/**
 * Where a document may be cut so that both parts give the pretokens of the whole (law 10: a cut is
 * allowed only where the pre-tokenizer provably starts a new pretoken whatever the context).
 */
public interface CutRule {
  /**
   * The last allowed cut in {@code (from, to)} (text before it and text from it on are
   * pre-tokenized alone with the same result), or -1.
   *
   * @param text well-formed UTF-8 up to {@code to}, which may be inside a character
   */
  int lastCut(byte[] text, int from, int to);
}
