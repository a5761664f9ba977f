package org.merganser.text.unicode;

/**
 * The scripts of HF's UnicodeScripts: those of Unicode 9, with Hiragana and Katakana counted as Han
 * (HF: {@code unicode_scripts/scripts.rs}).
 */
public final class ComponentScripts {
  /** A space, or a character without a script. */
  public static final int ANY = Scripts.UNKNOWN;

  private static final int HAN = Scripts.number("han");
  private static final int HIRAGANA = Scripts.number("hiragana");
  private static final int KATAKANA = Scripts.number("katakana");
  private static final int COMMON = Scripts.number("common");
  private static final int DEVANAGARI = Scripts.number("devanagari");

  private ComponentScripts() {}

  /** The number of a code point's script, or {@link #ANY}. */
  public static int of(int codePoint) {
    if (codePoint == ' ' || !ComponentClasses.SCRIPT.contains(codePoint)) {
      return ANY;
    }
    // Characters with another script since Unicode 9, and the prolonged sound mark, which is
    // Common.
    return switch (codePoint) {
      case 0x30FC -> HAN;
      case 0x0589, 0x061C -> COMMON;
      case 0x0953, 0x0954 -> DEVANAGARI;
      default -> {
        int script = Scripts.of(codePoint);
        yield script == HIRAGANA || script == KATAKANA ? HAN : script;
      }
    };
  }
}
