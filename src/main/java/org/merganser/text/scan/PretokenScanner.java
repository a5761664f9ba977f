package org.merganser.text.scan;

/**
 * The boundaries of one regular expression, found by a hand-written scanner. Stateless and safe for
 * many threads.
 */
public interface PretokenScanner {
  /**
   * Writes the ends of successive pretokens of {@code text[at, to)} to {@code ends} until the text
   * or the array is used up, and returns how many. A scan may be continued at the last end written,
   * also as if the text began there: none of the patterns looks back. {@code from} only saves time
   * where a run of numbers was cut before.
   *
   * @param text well-formed UTF-8 in {@code [from, to)}
   * @param from where the text begins
   * @param at {@code from}, or the last end written
   * @return the count, 0 only when {@code at == to}; the last end equals {@code to} when the text
   *     is used up
   */
  int scan(byte[] text, int from, int at, int to, int[] ends);
}
