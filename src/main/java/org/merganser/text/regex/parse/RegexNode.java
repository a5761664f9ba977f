package org.merganser.text.regex.parse;

import java.util.List;
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

  record Assertion(AdjacentCharacterTest test) implements RegexNode {}

  /** The minimum number of characters of a match. */
  default int minLength() {
    if (this instanceof Set || this instanceof Char) {
      return 1;
    } else if (this instanceof Concat concat) {
      return (int) Math.min(UNBOUNDED, concat.parts.stream().mapToLong(RegexNode::minLength).sum());
    } else if (this instanceof Alternation alternation) {
      return alternation.choices.stream().mapToInt(RegexNode::minLength).min().orElse(0);
    } else if (this instanceof Repeat repeat) {
      return (int) Math.min(UNBOUNDED, (long) repeat.body.minLength() * repeat.min);
    } else if (this instanceof Atomic atomic) {
      return atomic.body.minLength();
    }
    return 0;
  }

  /** Whether a match may be empty at the beginning of a text, where no look-behind matches. */
  default boolean mayBeEmptyAtStart() {
    if (this instanceof Set || this instanceof Char) {
      return false;
    } else if (this instanceof Concat concat) {
      return concat.parts.stream().allMatch(RegexNode::mayBeEmptyAtStart);
    } else if (this instanceof Alternation alternation) {
      return alternation.choices.stream().anyMatch(RegexNode::mayBeEmptyAtStart);
    } else if (this instanceof Repeat repeat) {
      return repeat.min == 0 || repeat.body.mayBeEmptyAtStart();
    } else if (this instanceof Atomic atomic) {
      return atomic.body.mayBeEmptyAtStart();
    } else if (this instanceof Look look) {
      return look.ahead || look.negative || look.body.minLength() == 0;
    }
    return true;
  }

  /** The maximum number of characters of a match, or {@link #UNBOUNDED}. */
  default int maxLength() {
    if (this instanceof Set || this instanceof Char) {
      return 1;
    } else if (this instanceof Concat concat) {
      return (int) Math.min(UNBOUNDED, concat.parts.stream().mapToLong(RegexNode::maxLength).sum());
    } else if (this instanceof Alternation alternation) {
      return alternation.choices.stream().mapToInt(RegexNode::maxLength).max().orElse(0);
    } else if (this instanceof Repeat repeat) {
      return (int) Math.min(UNBOUNDED, (long) repeat.body.maxLength() * repeat.max);
    } else if (this instanceof Atomic atomic) {
      return atomic.body.maxLength();
    }
    return 0;
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
