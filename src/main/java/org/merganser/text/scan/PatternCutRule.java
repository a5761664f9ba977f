package org.merganser.text.scan;

import org.merganser.text.unicode.UnicodeCategories;
import org.merganser.text.unicode.Utf8;

/**
 * Where a document may be cut under one of the known patterns.
 *
 * <p>A cut at {@code c} is right when the whole text has a pretoken boundary at {@code c} whatever
 * stands before and behind, and the text before {@code c} is cut alike when it ends there. (The
 * text from {@code c} on is cut alike in any case: no pattern looks back.) The second condition can
 * fail only through {@code (?!\S)}, which sees the end of the text in place of the character at
 * {@code c}; it is asked only behind white space that no earlier alternative has taken. Three kinds
 * of place are proved:
 *
 * <ol>
 *   <li><b>Before ASCII white space that is no newline, behind a character that is not white
 *       space.</b> No alternative matches white space other than a newline behind something else
 *       ({@code [\r\n]*}, {@code [\r\n/]*} take newlines), and every pattern has a match that
 *       starts at white space, so the boundary is there. The text before ends in no white space:
 *       {@code (?!\S)} is not asked at its end. In gpt2 a newline is white space like any other and
 *       the rule holds before it too.
 *   <li><b>Before a newline, behind an ASCII letter or digit.</b> As before: only runs of symbols
 *       take newlines.
 *   <li><b>Not in gpt2: behind a newline, before a letter or number.</b> A newline is never joined
 *       to a word ({@code [^\r\n\p{L}\p{N}]?}), nor to a number, so the boundary is there. The
 *       white space before ends in a newline, so that {@code \s*[\r\n]+}, or the symbols before it,
 *       take it up to its end in the whole and in the part; {@code (?!\S)} is not asked. (In gpt2
 *       {@code "\n\n"} is one pretoken at the end of a text and two before a letter.)
 * </ol>
 *
 * <p>In deepseek3 each Split works on the pieces of the one before; numbers and ideographs are cut
 * from the text by runs, none of which holds white space, so the same places are boundaries.
 *
 * <p>A normalizer may run first (NFC, NFD). An ASCII character neither changes nor is reordered nor
 * composes with anything before it, and a newline composes with nothing behind it, so the parts of
 * each of these cuts normalize alone as they do together. What is required of the other side lasts
 * as well: normalization makes no white space from anything else, an ASCII letter or digit before
 * an ASCII character stays, and a letter or number becomes text that begins with one (tested for
 * all of Unicode). NFKC and NFKD don't keep the last (U+FE70 becomes a space and a mark): no cuts
 * there.
 */
final class PatternCutRule implements CutRule {
  private final SplitPatternRules rules;

  PatternCutRule(SplitPatternRules rules) {
    this.rules = rules;
  }

  @Override
  public int lastCut(byte[] text, int from, int to) {
    for (int at = to - 1; at > from; at--) {
      byte next = text[at];
      boolean allowed =
          isAsciiWhiteSpace(next)
              ? beforeWhiteSpace(text, from, at)
              : isNewline(text[at - 1]) && behindNewline(text, at, to);
      if (allowed) {
        return at;
      }
    }
    return -1;
  }

  private boolean beforeWhiteSpace(byte[] text, int from, int at) {
    byte previous = text[at - 1];
    if (isNewline(text[at]) && !rules.onlySpacePrefix()) {
      return isAsciiLetterOrDigit(previous);
    }
    int start = at - 1;
    while (start > from && text[start] < (byte) 0xC0) {
      start--;
    }
    return !UnicodeCategories.isWhiteSpace(Utf8.codePoint(text, start));
  }

  private boolean behindNewline(byte[] text, int at, int to) {
    if (rules.onlySpacePrefix() || at + Utf8.length(text[at]) > to) {
      return false;
    }
    int c = Utf8.codePoint(text, at);
    return UnicodeCategories.isLetter(c) || UnicodeCategories.isNumber(c);
  }

  private static boolean isNewline(byte b) {
    return b == '\n' || b == '\r';
  }

  private static boolean isAsciiWhiteSpace(byte b) {
    return b == ' ' || (b >= '\t' && b <= '\r');
  }

  private static boolean isAsciiLetterOrDigit(byte b) {
    int lower = b | 0x20;
    return (lower >= 'a' && lower <= 'z') || (b >= '0' && b <= '9');
  }
}
