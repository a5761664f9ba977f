package org.merganser.text.scan;

import org.merganser.text.unicode.CodePoints;
import org.merganser.text.unicode.UnicodeCategories;
import org.merganser.text.unicode.Utf8;

/**
 * The cut rule of the known patterns. Let {@code a} be the character before a place and {@code b}
 * the one after it. A cut is allowed
 *
 * <ol>
 *   <li>before ASCII white space {@code b} if {@code a} is not white space. If {@code b} is a
 *       newline and newlines are joined to the symbols before them, {@code a} must be an ASCII
 *       letter or digit, or, with deepseek3, an ASCII control;
 *   <li>after a newline {@code a} if {@code b} is a letter or a number and the pattern has {@code
 *       \s*[\r\n]+}: all but gpt2's.
 * </ol>
 *
 * <p><b>No match spans the place.</b> White space occurs in a match only at its beginning ({@code
 * [^\r\n\p{L}\p{N}]?}, which takes no newline, or a space), in a match of only white space, or as
 * the newlines after symbols, which end the match. In (1) {@code b} is not at the beginning of a
 * match that has {@code a}, the match is not all white space, and if {@code b} may be a newline
 * after symbols, {@code a} is neither a symbol nor {@code /}. In (2) a match with {@code a} takes
 * only white space and {@code /} (o200k, tekken) after it, and {@code b} is neither.
 *
 * <p><b>The matches before the place are those of the text that ends there.</b> Only two conditions
 * look ahead. {@code \s+(?!\S)} tests the character after a run of white space. In (1) no such run
 * ends at the place. In (2) one does, but it ends with a newline, so the earlier alternative {@code
 * \s*[\r\n]+} takes it up to the place, whatever follows. The condition by which numbers are
 * counted from the right tests the first character after a run of numbers. If that is {@code b}, in
 * (1), it is not a number, like the end of a text; in (2) no number is before the place.
 *
 * <p><b>The matches after the place are those of a text that begins there</b>, since no condition
 * looks behind. One begins at {@code b}, which is white space, a letter or a number: {@code \s+},
 * the words and the numbers match these whatever follows. So a gap between matches, which deepseek3
 * has for controls, does not span the place either.
 *
 * <p><b>Numbers or ideographs isolated first</b> (deepseek3, and Digits before gpt2) keep the rule.
 * Each of these Splits matches runs of one class, counted from their beginning. No run spans the
 * place, since {@code a} or {@code b} is white space. So the pieces are those of the two parts,
 * except that a piece which is not a run may span the place; the next Split cuts that piece, as
 * above.
 *
 * <p><b>Components after the pattern</b> see a piece at a time and cannot remove a boundary.
 *
 * <p><b>NFC and NFD</b> keep the rule. An ASCII character neither changes nor is reordered nor
 * composes with anything before it, and white space composes with nothing after it, so the two
 * parts normalize separately as they do together. The other character keeps its kind: an ASCII
 * character before an ASCII character stays, normalization makes no white space from anything else,
 * and a letter or number becomes text that begins with one (tested for all of Unicode). NFKC and
 * NFKD break the last condition (U+FE70 becomes a space and a mark).
 *
 * @param joinsNewlines whether newlines are joined to the symbols before them, and white space is
 *     cut after its last newline: all but gpt2
 * @param leavesControls whether controls are no symbols, but gaps between matches: deepseek3
 * @param beforeSpaces whether the places of (1) are allowed
 * @param afterNewlines whether the places of (2) are allowed
 */
public record PatternCutRule(
    boolean joinsNewlines, boolean leavesControls, boolean beforeSpaces, boolean afterNewlines)
    implements CutRule {

  /** The rule of gpt2, with or without Digits (individual) before it. */
  public static final PatternCutRule GPT2 = of(SplitPattern.GPT2.rules());

  /** The rule of a pattern, with all places that it allows. */
  static PatternCutRule of(SplitPatternRules rules) {
    boolean joinsNewlines = !rules.onlySpacePrefix();
    boolean leavesControls = rules.threeSplits();
    boolean beforeSpaces = true;
    boolean afterNewlines = joinsNewlines;
    return new PatternCutRule(joinsNewlines, leavesControls, beforeSpaces, afterNewlines);
  }

  /**
   * This rule without the places that a text may span, as it is or normalized.
   *
   * @param text is found before the pattern is applied, such as an added token
   */
  public PatternCutRule withoutPlacesIn(String text) {
    boolean before = beforeSpaces;
    boolean after = afterNewlines;
    for (int i = 1; i < text.length(); i++) {
      char left = text.charAt(i - 1);
      char right = text.charAt(i);
      before &= isSpace(left) || !isSpace(right);
      after &= !isNewline(left) || isSpace(right);
    }
    return new PatternCutRule(joinsNewlines, leavesControls, before, after);
  }

  /** This rule without the places before white space (1). */
  public PatternCutRule withoutPlacesBeforeSpaces() {
    boolean before = false;
    return new PatternCutRule(joinsNewlines, leavesControls, before, afterNewlines);
  }

  /** This rule without the places after newlines (2). */
  public PatternCutRule withoutPlacesAfterNewlines() {
    boolean after = false;
    return new PatternCutRule(joinsNewlines, leavesControls, beforeSpaces, after);
  }

  /** Whether the rule allows any places. */
  public boolean allowsAny() {
    return beforeSpaces || afterNewlines;
  }

  @Override
  public int lastCut(byte[] text, int from, int to) {
    for (int at = to - 1; at > from; at--) {
      boolean allowed =
          isSpace(text[at])
              ? beforeSpaces && allowsCutBeforeSpace(text, from, at)
              : afterNewlines && isNewline(text[at - 1]) && wordBegins(text, at, to);
      if (allowed) {
        return at;
      }
    }
    return -1;
  }

  /** Whether the character before the white space at {@code at} allows a cut there: case (1). */
  private boolean allowsCutBeforeSpace(byte[] text, int from, int at) {
    int left = text[at - 1];
    boolean isAscii = left >= 0;
    if (joinsNewlines && isNewline(text[at])) {
      return isAscii && !isSpace(left) && (isWord(left) || (leavesControls && isControl(left)));
    }
    if (isAscii) {
      return !isSpace(left);
    }
    int start = at - 1;
    while (start > from && CodePoints.isContinuation(text[start])) {
      start--;
    }
    return !UnicodeCategories.isWhiteSpace(Utf8.codePoint(text, start));
  }

  /** Whether a letter or a number begins at {@code at} and is complete before {@code to}. */
  private static boolean wordBegins(byte[] text, int at, int to) {
    return at + CodePoints.length(text[at]) <= to && isWord(Utf8.codePoint(text, at));
  }

  /** Whether a character is a letter or a number. */
  private static boolean isWord(int codePoint) {
    return UnicodeCategories.isLetter(codePoint) || UnicodeCategories.isNumber(codePoint);
  }

  private static boolean isControl(int ascii) {
    return ascii < ' ' || ascii == 0x7F;
  }

  private static boolean isNewline(int codePoint) {
    return codePoint == '\n' || codePoint == '\r';
  }

  /** ASCII white space. */
  private static boolean isSpace(int codePoint) {
    return codePoint == ' ' || (codePoint >= '\t' && codePoint <= '\r');
  }
}
