package org.merganser.text.regex;

/**
 * Finds the matches of a delimiter pattern, as HF's {@code Pattern} does. Not thread-safe: an
 * instance holds the last match and scratch buffers.
 */
public abstract class TextMatcher {
  /** The array of the text that is searched. */
  byte[] text = new byte[0];

  /** Where the text begins. */
  int from;

  /** Where the text ends. */
  int to;

  /** Where the search for the next match begins; above {@link #to} if not even an empty one can. */
  int next;

  /** Where the last match begins. */
  int start;

  /** Where the last match ends. */
  int end;

  /** Begins a search of {@code text[from, to)}. */
  public void reset(byte[] newText, int newFrom, int newTo) {
    text = newText;
    from = newFrom;
    to = newTo;
    next = newFrom;
  }

  /** Finds the next match in text order, or returns false; matches never overlap. */
  public abstract boolean find();

  /** Where the match begins that {@link #find} found last in this text. */
  public final int start() {
    return start;
  }

  /** Where the match ends that {@link #find} found last in this text. */
  public final int end() {
    return end;
  }
}
