package org.merganser.text.regex.parse;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.text.unicode.CodePointSet;
import org.merganser.text.unicode.RegexProperties;

/**
 * A condition that the two characters around a place decide: an anchor, or a look ahead or behind
 * over one character.
 *
 * @param sets the sets that it tests for characters
 * @param behind whether it tests the character before the place, or the text's beginning
 */
public record AdjacentCondition(Predicate predicate, List<CodePointSet> sets, boolean behind) {
  /** In place of a character: the text begins or ends here. */
  public static final int NONE = -1;

  private static final CodePointSet NEWLINE = CodePointSet.ofRanges('\n', '\n');

  static final AdjacentCondition LINE_START =
      new AdjacentCondition(
          (previous, next) -> previous == NONE || (next != NONE && previous == '\n'),
          List.of(NEWLINE),
          true);

  static final AdjacentCondition LINE_END =
      new AdjacentCondition(
          (previous, next) -> next == NONE || next == '\n', List.of(NEWLINE), false);

  static final AdjacentCondition TEXT_START =
      new AdjacentCondition((previous, next) -> previous == NONE, List.of(), true);

  static final AdjacentCondition TEXT_END =
      new AdjacentCondition((previous, next) -> next == NONE, List.of(), false);

  /** What holds of the characters before and after a place, or of {@link #NONE}. */
  public interface Predicate {
    boolean holds(int previous, int next);
  }

  /** The node as a condition; null if it is not one. */
  public static @Nullable AdjacentCondition of(RegexNode node) {
    if (node instanceof RegexNode.Assertion assertion) {
      return assertion.condition();
    }
    CodePointSet set = node instanceof RegexNode.Look look ? look.body().singleCharacter() : null;
    if (set == null) {
      return null;
    }
    RegexNode.Look look = (RegexNode.Look) node;
    return look.ahead()
        ? ahead(set, look.negative())
        : new AdjacentCondition(
            (previous, next) -> holds(set, previous) != look.negative(), List.of(set), true);
  }

  private static boolean holds(CodePointSet set, int character) {
    return character != NONE && set.contains(character);
  }

  public static AdjacentCondition ahead(CodePointSet set, boolean negative) {
    return new AdjacentCondition(
        (previous, next) -> holds(set, next) != negative, List.of(set), false);
  }

  /** The condition that a word begins or ends here; if not {@code boundary}, that none does. */
  static AdjacentCondition wordBoundary(boolean boundary) {
    CodePointSet word = RegexProperties.wordOutsideBrackets();
    return new AdjacentCondition(
        (previous, next) -> (holds(word, previous) != holds(word, next)) == boundary,
        List.of(word),
        true);
  }
}
