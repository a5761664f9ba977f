package org.merganser.text.regex.parse;

import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.merganser.text.unicode.CodePointSet;
import org.merganser.text.unicode.CodePoints;

/** The syntax tree of a regular expression, with classes and case already expanded to sets. */
public sealed interface RegexNode {
  /** A length, or a number of repeats, without a maximum. */
  int UNBOUNDED = Integer.MAX_VALUE;

  /** How a repeat continues. */
  enum Mode {
    /** As often as possible. */
    GREEDY,
    /** As seldom as possible. */
    LAZY,
    /** As often as possible, without backtracking. */
    POSSESSIVE
  }

  /** One character of a set. */
  record Set(CodePointSet set) implements RegexNode {}

  /** A certain character. */
  record Char(int codePoint) implements RegexNode {}

  /** Parts, one after the other. */
  record Concat(List<RegexNode> parts) implements RegexNode {}

  /** The first of the choices with which the regex matches. */
  record Alternation(List<RegexNode> choices) implements RegexNode {}

  /** A body, {@code min} to {@code max} times; {@code max} may be {@link #UNBOUNDED}. */
  record Repeat(RegexNode body, int min, int max, Mode mode) implements RegexNode {}

  /** A body into which no backtracking goes once it has matched: {@code (?>...)}. */
  record Atomic(RegexNode body) implements RegexNode {}

  /** Whether a body matches after ({@code ahead}) or before a place, or does not. */
  record Look(RegexNode body, boolean ahead, boolean negative) implements RegexNode {}

  /** An anchor. */
  record Assertion(AdjacentCondition condition) implements RegexNode {}

  /** Which length of a match is asked for. */
  enum Length {
    /** The minimum. */
    LEAST,
    /**
     * The minimum at the beginning of a text, where a look-behind lacks the characters it needs.
     */
    LEAST_AT_START,
    /** The maximum. */
    MOST
  }

  /** The minimum number of characters of a match. */
  default int minLength() {
    return length(Length.LEAST);
  }

  /** Whether a match may be empty at the beginning of a text, where no look-behind matches. */
  default boolean mayBeEmptyAtStart() {
    return length(Length.LEAST_AT_START) == 0;
  }

  /** The maximum number of characters of a match, or {@link #UNBOUNDED}. */
  default int maxLength() {
    return length(Length.MOST);
  }

  /** A length of a match in characters, at most {@link #UNBOUNDED}. */
  private int length(Length kind) {
    boolean most = kind == Length.MOST;
    long length = 0;
    if (this instanceof Set || this instanceof Char) {
      length = 1;
    } else if (this instanceof Concat concat) {
      length = concat.parts.stream().mapToLong(part -> part.length(kind)).sum();
    } else if (this instanceof Alternation alternation) {
      IntStream all = alternation.choices.stream().mapToInt(each -> each.length(kind));
      length = (most ? all.max() : all.min()).orElse(0);
    } else if (this instanceof Repeat repeat) {
      length = (long) repeat.body.length(kind) * (most ? repeat.max : repeat.min);
    } else if (this instanceof Atomic atomic) {
      length = atomic.body.length(kind);
    } else if (this instanceof Look look && kind == Length.LEAST_AT_START) {
      length = look.ahead || look.negative ? 0 : look.body.minLength();
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

  /**
   * Sets {@code bytes} to true for the bytes with which a match may begin.
   *
   * @return whether a match may be empty
   */
  default boolean addFirstBytes(boolean[] bytes) {
    if (this instanceof Set one) {
      one.set.addLeadBytes(bytes);
      return false;
    } else if (this instanceof Char one) {
      bytes[CodePoints.lead(one.codePoint)] = true;
      return false;
    } else if (this instanceof Concat concat) {
      for (RegexNode part : concat.parts) {
        if (!part.addFirstBytes(bytes)) {
          return false;
        }
      }
      return true;
    } else if (this instanceof Alternation alternation) {
      boolean empty = false;
      for (RegexNode choice : alternation.choices) {
        empty |= choice.addFirstBytes(bytes);
      }
      return empty;
    } else if (this instanceof Repeat repeat) {
      return repeat.max == 0 || repeat.body.addFirstBytes(bytes) || repeat.min == 0;
    } else if (this instanceof Atomic atomic) {
      return atomic.body.addFirstBytes(bytes);
    } else if (this instanceof Look look && look.ahead && !look.negative) {
      // It consumes nothing, but what follows begins as its body does.
      return look.body.addFirstBytes(bytes);
    }
    return true;
  }
}
