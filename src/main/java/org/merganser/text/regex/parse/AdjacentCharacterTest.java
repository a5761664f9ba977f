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
public record AdjacentCharacterTest(Test test, List<CodePointSet> sets, boolean behind) {
  /** In place of a character: the text begins or ends here. */
  public static final int NONE = -1;

  private static final CodePointSet NEWLINE = CodePointSet.ofRanges('\n', '\n');

  static final AdjacentCharacterTest LINE_START =
      new AdjacentCharacterTest(
          (previous, next) -> previous == NONE || (next != NONE && previous == '\n'),
          List.of(NEWLINE),
          true);

  static final AdjacentCharacterTest LINE_END =
      new AdjacentCharacterTest(
          (previous, next) -> next == NONE || next == '\n', List.of(NEWLINE), false);

  static final AdjacentCharacterTest TEXT_START =
      new AdjacentCharacterTest((previous, next) -> previous == NONE, List.of(), true);

  static final AdjacentCharacterTest TEXT_END =
      new AdjacentCharacterTest((previous, next) -> next == NONE, List.of(), false);

  public interface Test {
    boolean holds(int previous, int next);
  }

  /** The node as a condition; null if it is not one. */
  public static @Nullable AdjacentCharacterTest of(RegexNode node) {
    if (node instanceof RegexNode.Assertion assertion) {
      return assertion.test();
    }
    CodePointSet set = node instanceof RegexNode.Look look ? look.body().singleCharacter() : null;
    if (set == null) {
      return null;
    }
    RegexNode.Look look = (RegexNode.Look) node;
    return look.ahead()
        ? ahead(set, look.negative())
        : new AdjacentCharacterTest(
            (previous, next) -> holds(set, previous) != look.negative(), List.of(set), true);
  }

  private static boolean holds(CodePointSet set, int character) {
    return character != NONE && set.contains(character);
  }

  public static AdjacentCharacterTest ahead(CodePointSet set, boolean negative) {
    return new AdjacentCharacterTest(
        (previous, next) -> holds(set, next) != negative, List.of(set), false);
  }

  /** The condition that a word begins or ends here; if not {@code boundary}, that none does. */
  static AdjacentCharacterTest wordBoundary(boolean boundary) {
    CodePointSet word = RegexProperties.wordOutsideBrackets();
    return new AdjacentCharacterTest(
        (previous, next) -> (holds(word, previous) != holds(word, next)) == boundary,
        List.of(word),
        true);
  }
}
