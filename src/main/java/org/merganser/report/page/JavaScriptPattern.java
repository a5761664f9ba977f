package org.merganser.report.page;

import org.jspecify.annotations.Nullable;
import org.merganser.message.Phrase;
import org.merganser.text.unicode.CodePointSet;
import org.merganser.text.unicode.NormalizationTable;
import org.merganser.text.unicode.RegexProperties;

/**
 * Writes the known split patterns in JavaScript's syntax (flag {@code u}), with the same matches.
 * Character classes are written as ranges of Unicode 16, so the result does not depend on the
 * browser's Unicode version or its definition of {@code \s} and of case.
 */
final class JavaScriptPattern {
  private static final int FIRST_SURROGATE = 0xD800;
  private static final int LAST_SURROGATE = 0xDFFF;

  /** The only part of a known pattern that ignores case. */
  private static final String FOLDED = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";

  /** {@link #FOLDED} as Oniguruma folds case: only the letter s has a variant, the long s. */
  private static final String SPELLED =
      "(?:'[sS\\u{17f}]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])";

  private JavaScriptPattern() {}

  /**
   * The source of an equivalent JavaScript regular expression.
   *
   * @param regex of a known pattern: of Oniguruma's classes it has {@code \p{…}}, {@code \s} and,
   *     outside brackets, {@code \S}
   */
  static String of(String regex) {
    String unfolded = regex.replace(FOLDED, SPELLED);
    StringBuilder out = new StringBuilder();
    boolean inBrackets = false;
    int at = 0;
    while (at < unfolded.length()) {
      char c = unfolded.charAt(at);
      if (c == '\\') {
        int end = escapeEnd(unfolded, at);
        appendEscape(unfolded.substring(at, end), inBrackets, out);
        at = end;
      } else {
        inBrackets = c == '[' || (inBrackets && c != ']');
        out.append(c);
        at++;
      }
    }
    return out.toString();
  }

  /**
   * A run of characters that normalization in Unicode 9 (HF's) changes. A newer Unicode version
   * normalizes such a run in the same way (stability policy); other characters are not normalized.
   */
  static String normalizedRun() {
    return "[" + ranges(NormalizationTable.get().touched()) + "]+";
  }

  /** A regular expression that matches the text. */
  static String literal(String text) {
    StringBuilder out = new StringBuilder();
    text.codePoints().forEach(c -> out.append(escape(c)));
    return out.toString();
  }

  /** The end of the escape that begins at {@code at}: after {@code \p{…}}, or one character. */
  private static int escapeEnd(String regex, int at) {
    return regex.charAt(at + 1) == 'p' ? regex.indexOf('}', at) + 1 : at + 2;
  }

  /** Appends an escape, or its characters if it is a class of characters. */
  private static void appendEscape(String escape, boolean inBrackets, StringBuilder out) {
    String ranges = ranges(escape);
    if (ranges == null) {
      out.append(escape);
    } else if (inBrackets) {
      out.append(ranges);
    } else {
      out.append(escape.equals("\\S") ? "[^" : "[").append(ranges).append(']');
    }
  }

  /** The ranges of a character class, of {@code \S} those it excludes; null for other escapes. */
  private static @Nullable String ranges(String escape) {
    return switch (escape.charAt(1)) {
      case 'p' ->
          ranges(
              RegexProperties.known(
                  RegexProperties.plainName(escape.substring(3, escape.length() - 1))));
      case 's', 'S' -> ranges(RegexProperties.known("space"));
      default -> null;
    };
  }

  /** The content of brackets; surrogates do not occur in well-formed text and are left out. */
  private static String ranges(CodePointSet set) {
    StringBuilder ranges = new StringBuilder();
    CodePointSet outside = set.complement();
    int first = set.next(0);
    while (first >= 0) {
      int end = outside.next(first);
      int last = end < 0 ? CodePointSet.LIMIT - 1 : end - 1;
      appendRange(first, Math.min(last, FIRST_SURROGATE - 1), ranges);
      appendRange(Math.max(first, LAST_SURROGATE + 1), last, ranges);
      first = end < 0 ? -1 : set.next(end);
    }
    return ranges.toString();
  }

  /** Appends the characters from {@code first} to {@code last}; nothing if there are none. */
  private static void appendRange(int first, int last, StringBuilder to) {
    if (first <= last) {
      to.append(escape(first));
      if (last > first) {
        to.append(last > first + 1 ? "-" : "").append(escape(last));
      }
    }
  }

  /** ASCII letters and digits unchanged, all others as numbers, so nothing needs quoting. */
  private static String escape(int codePoint) {
    if (codePoint < 0x80 && Character.isLetterOrDigit(codePoint)) {
      return String.valueOf((char) codePoint);
    }
    return codePoint < 0x100 ? Phrase.of("\\x%02x", codePoint) : Phrase.of("\\u{%x}", codePoint);
  }
}
