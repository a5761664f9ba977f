package org.merganser.text.regex;

import org.merganser.text.regex.parse.RegexNode;
import org.merganser.text.unicode.CodePoints;

/**
 * Finds what rust-onig's {@code find_iter} finds: leftmost matches; at one place the first
 * alternative that matches; an empty match directly after the last match is skipped.
 *
 * <p>{@code java.util.regex} is not usable: its character classes have the JDK's Unicode version,
 * it recurses for each repetition of a group (long text overflows the stack), and its syntax is not
 * Oniguruma's.
 */
abstract class RegexMatcher extends TextMatcher {
  /** In place of the end of a match. */
  static final int NO_MATCH = -1;

  private final FirstBytes firstBytes;

  /** Where the match before ends; {@link #NO_MATCH} before the first one. */
  private int lastMatchEnd;

  RegexMatcher(FirstBytes firstBytes) {
    this.firstBytes = firstBytes;
  }

  @Override
  public void reset(byte[] newText, int newFrom, int newTo) {
    super.reset(newText, newFrom, newTo);
    lastMatchEnd = NO_MATCH;
  }

  @Override
  public final boolean find() {
    while (next <= to && search(next)) {
      boolean isEmptyAfterMatch = end == start && end == lastMatchEnd;
      if (!isEmptyAfterMatch) {
        next = end;
        lastMatchEnd = end;
        return true;
      }
      next += next < to ? CodePoints.length(text[next]) : 1;
    }
    next = to + 1;
    return false;
  }

  /**
   * Finds the next match from a place on.
   *
   * @param at from the beginning of the text to its end
   * @return false if there is none
   */
  public final boolean findFrom(int at) {
    next = at;
    return find();
  }

  /**
   * The end of the match that starts at {@code at}, or {@link #NO_MATCH}. Called in text order,
   * only at places whose first byte may begin a match.
   */
  abstract int matchEnd(int at);

  /**
   * Finds the first match from a place on, even an empty one, and sets {@link #start} and {@link
   * #end}; false if there is none.
   */
  private boolean search(int first) {
    int at = firstBytes.next(text, first, to);
    while (at <= to) {
      int matched = matchEnd(at);
      if (matched != NO_MATCH) {
        start = at;
        end = matched;
        return true;
      }
      at = at < to ? firstBytes.next(text, at + CodePoints.length(text[at]), to) : to + 1;
    }
    return false;
  }

  /** The bytes with which a match may begin, to skip the others. Immutable. */
  static final class FirstBytes {
    private final boolean[] bytes = new boolean[256];

    /** Whether a match may be empty and so be at any place. */
    private final boolean mayMatchEmpty;

    FirstBytes(RegexNode root) {
      mayMatchEmpty = root.addFirstBytes(bytes);
    }

    /**
     * The first place from {@code at} on where a match may start; {@code to + 1} if there is none.
     */
    int next(byte[] text, int at, int to) {
      if (mayMatchEmpty) {
        return at;
      }
      int next = at;
      while (next < to && !bytes[text[next] & 0xFF]) {
        next++;
      }
      return next < to ? next : to + 1;
    }
  }
}
