package org.merganser.text.regex;

/**
 * Finds the matches of a delimiter pattern, as HF's {@code Pattern} does. An instance holds the
 * last match and scratch buffers: use it from one thread.
 */
public interface TextMatcher {

  /** Begins a search of {@code text[from, to)}. */
  void reset(byte[] text, int from, int to);

  /** Finds the next match in text order, never overlapping the one before. */
  boolean find();

  int start();

  int end();
}
