package org.merganser.text.unicode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The script of every code point in Unicode 16, independent of the JDK's version. A script's number
 * is its place in the table; 0 is none.
 */
public final class Scripts {
  /** No script: an unassigned code point, a surrogate, private use. */
  public static final int UNKNOWN = 0;

  private static final List<String> NAMES = new ArrayList<>(List.of("unknown"));
  private static final byte[] SCRIPT = new byte[UnicodeCategories.CODE_POINTS];

  static {
    for (String name : RegexProperties.scripts()) {
      CodePointSet members = RegexProperties.known(name);
      byte number = (byte) NAMES.size();
      for (int first = members.next(0); first >= 0; ) {
        int end = members.nextClear(first);
        Arrays.fill(SCRIPT, first, end, number);
        first = members.next(end);
      }
      NAMES.add(name);
    }
  }

  private Scripts() {}

  public static int of(int codePoint) {
    return SCRIPT[codePoint] & 0xFF;
  }

  public static int count() {
    return NAMES.size();
  }

  /** Unicode's name in lower case without separators: {@code latin}, {@code canadianaboriginal}. */
  public static String name(int script) {
    return NAMES.get(script);
  }

  /** The number of a script by its {@link #name}, or -1. */
  public static int number(String name) {
    return NAMES.indexOf(name);
  }

  /** The script of the first letter of UTF-8, else of its first character; -1 for empty text. */
  public static int ofText(byte[] text, int from, int to) {
    int first = -1;
    for (int at = from; at < to; at += CodePoints.length(text[at])) {
      int codePoint = Utf8.codePoint(text, at);
      if (UnicodeCategories.isLetter(codePoint)) {
        return of(codePoint);
      }
      first = first < 0 ? of(codePoint) : first;
    }
    return first;
  }
}
