package org.merganser.text.regex.parse;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.text.unicode.CodePointSet;
import org.merganser.text.unicode.RegexProperties;

/**
 * A condition that the two characters around a place decide: an anchor, or a look ahead or behind
 * over one character.
 *
 * @param predicate whether it holds between two characters
 * @param sets the sets of which it tests whether they contain one of the two
 * @param testsPrevious whether it tests the character before the place, or the beginning of the
 *     text
 */
public record AdjacentCondition(
    Predicate predicate, List<CodePointSet> sets, boolean testsPrevious) {
  /** In place of a character: the text begins or ends here. */
  public static final int NONE = -1;

  /** Oniguruma's newline: only LF ends a line. */
  private static final CodePointSet NEWLINE = CodePointSet.ofRanges('\n', '\n');

  /** {@code ^}: the text begins, or a newline is before the place and a character after it. */
  static final AdjacentCondition LINE_START =
      new AdjacentCondition(
          (previous, next) -> previous == NONE || (next != NONE && previous == '\n'),
          List.of(NEWLINE),
          /* testsPrevious= */ true);

  /** {@code $}: the text or a line ends. */
  static final AdjacentCondition LINE_END =
      new AdjacentCondition(
          (previous, next) -> next == NONE || next == '\n',
          List.of(NEWLINE),
          /* testsPrevious= */ false);

  /** {@code \A}: the text begins. */
  static final AdjacentCondition TEXT_START =
      new AdjacentCondition(
          (previous, next) -> previous == NONE, List.of(), /* testsPrevious= */ true);

  /** {@code \z}: the text ends. */
  static final AdjacentCondition TEXT_END =
      new AdjacentCondition(
          (previous, next) -> next == NONE, List.of(), /* testsPrevious= */ false);

  /** A test of the characters before and after a place. */
  @FunctionalInterface
  public interface Predicate {
    /** Whether the condition holds between two characters, each a code point or {@link #NONE}. */
    boolean holds(int previous, int next);
  }

  /** The node as a condition; null if it is not one. */
  public static @Nullable AdjacentCondition of(RegexNode node) {
    if (node instanceof RegexNode.Assertion assertion) {
      return assertion.condition();
    }
    if (!(node instanceof RegexNode.Look look)) {
      return null;
    }
    CodePointSet set = look.body().singleCharacter();
    if (set == null) {
      return null;
    }
    return look.ahead() ? ahead(set, look.negative()) : behind(set, look.negative());
  }

  /** The condition that the next character is in a set, or if {@code negative} that it is not. */
  public static AdjacentCondition ahead(CodePointSet set, boolean negative) {
    return new AdjacentCondition(
        (previous, next) -> contains(set, next) != negative,
        List.of(set),
        /* testsPrevious= */ false);
  }

  /**
   * The condition that the previous character is in a set, or if {@code negative} that it is not.
   */
  private static AdjacentCondition behind(CodePointSet set, boolean negative) {
    return new AdjacentCondition(
        (previous, next) -> contains(set, previous) != negative,
        List.of(set),
        /* testsPrevious= */ true);
  }

  /** {@code \b}: a word begins or ends here. */
  static AdjacentCondition wordBoundary() {
    CodePointSet word = RegexProperties.wordOutsideBrackets();
    return new AdjacentCondition(
        (previous, next) -> contains(word, previous) != contains(word, next),
        List.of(word),
        /* testsPrevious= */ true);
  }

  /** {@code \B}: no word begins or ends here. */
  static AdjacentCondition noWordBoundary() {
    CodePointSet word = RegexProperties.wordOutsideBrackets();
    return new AdjacentCondition(
        (previous, next) -> contains(word, previous) == contains(word, next),
        List.of(word),
        /* testsPrevious= */ true);
  }

  /** Whether there is a character, and it is in the set. */
  private static boolean contains(CodePointSet set, int character) {
    return character != NONE && set.contains(character);
  }
}
