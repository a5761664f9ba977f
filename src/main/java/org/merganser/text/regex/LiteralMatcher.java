package org.merganser.text.regex;

import java.nio.charset.StandardCharsets;
import org.merganser.text.unicode.CodePoints;

/** Finds a literal string. The empty string matches before every character and at the end. */
public final class LiteralMatcher extends TextMatcher {
  private final byte[] literal;

  /** A matcher of one thread. */
  public LiteralMatcher(String literal) {
    this.literal = literal.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public boolean find() {
    if (literal.length == 0) {
      return findEmpty();
    }
    for (int at = next; at + literal.length <= to; at++) {
      if (text[at] == literal[0] && matches(at)) {
        start = at;
        end = at + literal.length;
        next = end;
        return true;
      }
    }
    next = to;
    return false;
  }

  /** Finds the next match of the empty string. */
  private boolean findEmpty() {
    if (next > to) {
      return false;
    }
    start = next;
    end = next;
    next += next < to ? CodePoints.length(text[next]) : 1;
    return true;
  }

  /** Whether the literal, whose first byte matches, is at a place. */
  private boolean matches(int at) {
    for (int i = 1; i < literal.length; i++) {
      if (text[at + i] != literal[i]) {
        return false;
      }
    }
    return true;
  }
}
