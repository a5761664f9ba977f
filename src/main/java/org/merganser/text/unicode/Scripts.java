package org.merganser.text.unicode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The script of every code point in Unicode 16, independent of the JDK's version; {@link
 * #ofHfPreTokenizer} has HF's older scripts. A script's number is its place in the table; 0 is
 * none.
 */
public final class Scripts {
  /** No script: an unassigned code point, a surrogate, private use. */
  public static final int UNKNOWN = 0;

  /** By number, the name of a script. */
  private static final List<String> NAMES = new ArrayList<>(List.of("unknown"));

  /** By code point, the number of its script. */
  private static final byte[] SCRIPTS = new byte[UnicodeCategories.CODE_POINTS];

  static {
    for (String name : RegexProperties.scripts()) {
      CodePointSet members = RegexProperties.known(name);
      byte number = (byte) NAMES.size();
      int first = members.next(0);
      while (first >= 0) {
        int end = members.nextClear(first);
        Arrays.fill(SCRIPTS, first, end, number);
        first = members.next(end);
      }
      NAMES.add(name);
    }
  }

  // These are below the block that fills NAMES, in which they are looked up.
  private static final int HAN = number("han");
  private static final int HIRAGANA = number("hiragana");
  private static final int KATAKANA = number("katakana");
  private static final int COMMON = number("common");
  private static final int DEVANAGARI = number("devanagari");

  private Scripts() {}

  /** The number of a code point's script, or {@link #UNKNOWN}. */
  public static int of(int codePoint) {
    return SCRIPTS[codePoint] & 0xFF;
  }

  /** The number of scripts, {@link #UNKNOWN} included: all numbers are below it. */
  public static int count() {
    return NAMES.size();
  }

  /** Unicode's name in lower case without separators: {@code latin}, {@code canadianaboriginal}. */
  public static String name(int script) {
    return NAMES.get(script);
  }

  /**
   * The number of a script by its {@link #name}.
   *
   * @throws IllegalArgumentException if no script has this name
   */
  public static int number(String name) {
    int number = NAMES.indexOf(name);
    if (number < 0) {
      throw new IllegalArgumentException("no script has the name " + name);
    }
    return number;
  }

  /**
   * The script of the first letter of UTF-8, else of its first character; {@link #UNKNOWN} for
   * empty text.
   */
  public static int ofText(byte[] text, int from, int to) {
    for (int at = from; at < to; at += CodePoints.length(text[at])) {
      int codePoint = Utf8.codePoint(text, at);
      if (UnicodeCategories.isLetter(codePoint)) {
        return of(codePoint);
      }
    }
    return from < to ? of(Utf8.codePoint(text, from)) : UNKNOWN;
  }

  /**
   * The number of the script by which HF's pre-tokenizer UnicodeScripts cuts: a script of Unicode
   * 9, with Hiragana and Katakana counted as Han (HF: {@code unicode_scripts/scripts.rs}); {@link
   * #UNKNOWN} for a space and for a character without a script.
   */
  public static int ofHfPreTokenizer(int codePoint) {
    if (codePoint == ' ' || !ComponentClasses.SCRIPT.contains(codePoint)) {
      return UNKNOWN;
    }
    // Characters with another script since Unicode 9, and one that HF treats unlike its script.
    return switch (codePoint) {
      case 0x30FC -> HAN; // the prolonged sound mark of kana, which is Common
      case 0x0589, 0x061C -> COMMON;
      case 0x0953, 0x0954 -> DEVANAGARI;
      default -> {
        int script = of(codePoint);
        yield script == HIRAGANA || script == KATAKANA ? HAN : script;
      }
    };
  }
}
