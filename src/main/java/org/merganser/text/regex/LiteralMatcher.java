package org.merganser.text.regex;

import java.nio.charset.StandardCharsets;
import org.merganser.text.unicode.CodePoints;

/** Finds a literal string. The empty string matches before every character and at the end. */
public final class LiteralMatcher implements TextMatcher {
  private final byte[] literal;
  private byte[] text = new byte[0];
  private int next;
  private int to;
  private int start;
  private boolean exhausted;

  public LiteralMatcher(String literal) {
    this.literal = literal.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void reset(byte[] newText, int from, int newTo) {
    text = newText;
    next = from;
    to = newTo;
    exhausted = false;
  }

  @Override
  public boolean find() {
    if (literal.length == 0) {
      return findEmpty();
    }
    for (int at = next; at + literal.length <= to; at++) {
      if (text[at] == literal[0] && matches(at)) {
        start = at;
        next = at + literal.length;
        return true;
      }
    }
    next = to;
    return false;
  }

  private boolean findEmpty() {
    if (exhausted) {
      return false;
    }
    start = next;
    exhausted = next == to;
    next = exhausted ? to : next + CodePoints.length(text[next]);
    return true;
  }

  private boolean matches(int at) {
    for (int i = 1; i < literal.length; i++) {
      if (text[at + i] != literal[i]) {
        return false;
      }
    }
    return true;
  }

  @Override
  public int start() {
    return start;
  }

  @Override
  public int end() {
    return start + literal.length;
  }
}
