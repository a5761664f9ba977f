package org.merganser.text.regex;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.text.regex.RegexNode.Anchor;
import org.merganser.text.unicode.CodePointSet;
import org.merganser.text.unicode.RegexProperties;

/**
 * A condition on a place in a text that the two characters beside it decide: most anchors, and a
 * look ahead or behind over one character.
 *
 * @param test the condition
 * @param sets the sets of which it asks whether they hold a character
 * @param behind whether it asks for the character before the place, or for the text's beginning
 */
record AdjacentCharacterTest(Test test, List<CodePointSet> sets, boolean behind) {
  /** In place of a character: the text begins, or ends, here. */
  static final int NONE = -1;

  /** What {@code \w} holds where it is narrowed to ASCII. */
  static final CodePointSet ASCII_WORD =
      CodePointSet.ofRanges('0', '9', 'A', 'Z', '_', '_', 'a', 'z');

  private static final CodePointSet NEWLINE = CodePointSet.ofRanges('\n', '\n');

  /** Whether the condition holds between two characters, each possibly {@link #NONE}. */
  interface Test {
    boolean holds(int previous, int next);
  }

  /** The node as such a condition; null where it is none. */
  static @Nullable AdjacentCharacterTest of(RegexNode node) {
    if (node instanceof RegexNode.Assertion assertion) {
      return of(assertion.anchor());
    }
    if (!(node instanceof RegexNode.Look look)) {
      return null;
    }
    CodePointSet set = look.body().singleCharacter();
    if (set == null) {
      return null;
    }
    return look.ahead()
        ? ahead(set, look.negative())
        : new AdjacentCharacterTest(
            (previous, next) -> holds(set, previous) != look.negative(), List.of(set), true);
  }

  private static boolean holds(CodePointSet set, int character) {
    return character != NONE && set.contains(character);
  }

  static AdjacentCharacterTest ahead(CodePointSet set, boolean negative) {
    return new AdjacentCharacterTest(
        (previous, next) -> holds(set, next) != negative, List.of(set), false);
  }

  private static @Nullable AdjacentCharacterTest of(Anchor anchor) {
    return switch (anchor) {
      case LINE_START ->
          new AdjacentCharacterTest(
              (previous, next) -> previous == NONE || (next != NONE && previous == '\n'),
              List.of(NEWLINE),
              true);
      case LINE_END ->
          new AdjacentCharacterTest(
              (previous, next) -> next == NONE || next == '\n', List.of(NEWLINE), false);
      case TEXT_START ->
          new AdjacentCharacterTest((previous, next) -> previous == NONE, List.of(), true);
      case TEXT_END ->
          new AdjacentCharacterTest((previous, next) -> next == NONE, List.of(), false);
      case WORD_BOUNDARY -> boundary(RegexProperties.wordOutsideBrackets(), true);
      case NOT_WORD_BOUNDARY -> boundary(RegexProperties.wordOutsideBrackets(), false);
      case ASCII_BOUNDARY -> boundary(ASCII_WORD, true);
      case NOT_ASCII_BOUNDARY -> boundary(ASCII_WORD, false);
      case TEXT_END_OR_LAST_NEWLINE -> null; // asks for two characters
      case SEARCH_START, CLUSTER_BOUNDARY, NOT_CLUSTER_BOUNDARY -> null;
    };
  }

  private static AdjacentCharacterTest boundary(CodePointSet word, boolean boundary) {
    return new AdjacentCharacterTest(
        (previous, next) -> (holds(word, previous) != holds(word, next)) == boundary,
        List.of(word),
        true);
  }
}
