package org.merganser.text.regex;

import org.merganser.text.unicode.CodePointSet;
import org.merganser.text.unicode.CodePoints;
import org.merganser.text.unicode.Utf8;

/** Finds single characters of a set (HF's {@code Fn(char) -> bool} as a pattern). */
public final class CharacterMatcher implements TextMatcher {
  private final CodePointSet set;
  private byte[] text = new byte[0];
  private int to;
  private int start;
  private int end;

  public CharacterMatcher(CodePointSet set) {
    this.set = set;
  }

  @Override
  public void reset(byte[] newText, int from, int newTo) {
    text = newText;
    end = from;
    to = newTo;
  }

  @Override
  public boolean find() {
    for (int at = end; at < to; at += CodePoints.length(text[at])) {
      if (set.contains(Utf8.codePoint(text, at))) {
        start = at;
        end = at + CodePoints.length(text[at]);
        return true;
      }
    }
    end = to;
    return false;
  }

  @Override
  public int start() {
    return start;
  }

  @Override
  public int end() {
    return end;
  }
}
