package org.merganser.text.scan;

/** Finds the pretoken boundaries of one split pattern. Stateless and thread-safe. */
public interface PretokenScanner {
  /**
   * Writes the ends of successive pretokens of {@code text[at, to)} to {@code ends} until the text
   * or the array is used up. A scan may continue at the last end written, even as if the text began
   * there: no pattern looks behind. {@code from} only saves time if a run of numbers was cut
   * before.
   *
   * @param text well-formed UTF-8 in {@code [from, to)}
   * @param from where the text begins
   * @param at {@code from}, or the last end written
   * @return the number of ends, 0 only if {@code at == to}; the last end equals {@code to} when the
   *     text is used up
   */
  int scan(byte[] text, int from, int at, int to, int[] ends);
}
