package org.merganser.text.regex.parse;

import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.merganser.text.unicode.CodePointSet;
import org.merganser.text.unicode.CodePoints;

/** The syntax tree of a regular expression, with classes and case already expanded to sets. */
public sealed interface RegexNode {
  int UNBOUNDED = Integer.MAX_VALUE;

  /** How a repeat continues: greedy, lazy, or greedy without backtracking. */
  enum Mode {
    GREEDY,
    LAZY,
    POSSESSIVE
  }

  record Set(CodePointSet set) implements RegexNode {}

  record Char(int codePoint) implements RegexNode {}

  record Concat(List<RegexNode> parts) implements RegexNode {}

  record Alternation(List<RegexNode> choices) implements RegexNode {}

  record Repeat(RegexNode body, int min, int max, Mode mode) implements RegexNode {}

  record Atomic(RegexNode body) implements RegexNode {}

  record Look(RegexNode body, boolean ahead, boolean negative) implements RegexNode {}

  record Assertion(AdjacentCondition condition) implements RegexNode {}

  /** The minimum number of characters of a match. */
  default int minLength() {
    return length(false, false);
  }

  /** Whether a match may be empty at the beginning of a text, where no look-behind matches. */
  default boolean mayBeEmptyAtStart() {
    return length(false, true) == 0;
  }

  /** The maximum number of characters of a match, or {@link #UNBOUNDED}. */
  default int maxLength() {
    return length(true, false);
  }

  /**
   * @param atStart whether a look-behind counts the characters that it needs: it has none
   */
  private int length(boolean most, boolean atStart) {
    long length = 0;
    if (this instanceof Set || this instanceof Char) {
      length = 1;
    } else if (this instanceof Concat concat) {
      length = concat.parts.stream().mapToLong(part -> part.length(most, atStart)).sum();
    } else if (this instanceof Alternation alternation) {
      IntStream all = alternation.choices.stream().mapToInt(each -> each.length(most, atStart));
      length = (most ? all.max() : all.min()).orElse(0);
    } else if (this instanceof Repeat repeat) {
      length = (long) repeat.body.length(most, atStart) * (most ? repeat.max : repeat.min);
    } else if (this instanceof Atomic atomic) {
      length = atomic.body.length(most, atStart);
    } else if (this instanceof Look look && atStart && !look.ahead && !look.negative) {
      length = look.body.minLength();
    }
    return (int) Math.min(UNBOUNDED, length);
  }

  /** The set if this matches exactly one character of it; else null. */
  default @Nullable CodePointSet singleCharacter() {
    if (this instanceof Set one) {
      return one.set;
    }
    return this instanceof Char one ? CodePointSet.ofRanges(one.codePoint, one.codePoint) : null;
  }

  /** Adds the bytes with which a match may begin; true if a match may be empty. */
  default boolean firstBytes(boolean[] bytes) {
    if (this instanceof Set one) {
      one.set.leadBytes(bytes);
      return false;
    } else if (this instanceof Char one) {
      bytes[CodePoints.lead(one.codePoint)] = true;
      return false;
    } else if (this instanceof Concat concat) {
      for (RegexNode part : concat.parts) {
        if (!part.firstBytes(bytes)) {
          return false;
        }
      }
      return true;
    } else if (this instanceof Alternation alternation) {
      boolean empty = false;
      for (RegexNode choice : alternation.choices) {
        empty |= choice.firstBytes(bytes);
      }
      return empty;
    } else if (this instanceof Repeat repeat) {
      return repeat.max == 0 || repeat.body.firstBytes(bytes) || repeat.min == 0;
    } else if (this instanceof Atomic atomic) {
      return atomic.body.firstBytes(bytes);
    } else if (this instanceof Look look && look.ahead && !look.negative) {
      // It consumes nothing, but what follows begins as its body does.
      return look.body.firstBytes(bytes);
    }
    return true;
  }
}
