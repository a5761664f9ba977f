package org.merganser.text.regex;

/**
 * Finds the matches of a delimiter pattern, as HF's {@code Pattern} does. Not thread-safe: an
 * instance holds the last match and scratch buffers.
 */
public interface TextMatcher {

  void reset(byte[] text, int from, int to);

  /** Finds the next match in text order; matches never overlap. */
  boolean find();

  int start();

  int end();
}
