package org.merganser.text.regex;

import org.merganser.text.unicode.CodePointSet;
import org.merganser.text.unicode.CodePoints;
import org.merganser.text.unicode.Utf8;

/** Finds single characters of a set (HF's {@code Fn(char) -> bool} as a pattern). */
public final class CharacterMatcher extends TextMatcher {
  private final CodePointSet set;

  /** A matcher of one thread. */
  public CharacterMatcher(CodePointSet set) {
    this.set = set;
  }

  @Override
  public boolean find() {
    for (int at = next; at < to; at += CodePoints.length(text[at])) {
      if (set.contains(Utf8.codePoint(text, at))) {
        start = at;
        end = at + CodePoints.length(text[at]);
        next = end;
        return true;
      }
    }
    next = to;
    return false;
  }
}
