package org.merganser.text.scan;

/**
 * The boundaries of one regular expression, found by a hand-written scanner. Stateless and safe for
 * many threads.
 */
public interface PretokenScanner {

  /**
   * Writes the ends of successive pretokens of {@code text[from, to)} to {@code ends} until the
   * text or the array is used up, and returns how many. A scan may be continued at the last end
   * written: none of the patterns looks back.
   *
   * @param text well-formed UTF-8 in {@code [from, to)}
   * @return the count, 0 only when {@code from == to}; the last end equals {@code to} when the text
   *     is used up
   */
  int scan(byte[] text, int from, int to, int[] ends);
}
