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

  /** Which length of a match is meant: the least or the greatest number of its characters. */
  enum Length {
    /** The minimum. */
    LEAST,
    /**
     * The minimum at the beginning of a text, where a positive look-behind lacks the characters
     * that it needs.
     */
    LEAST_AT_START,
    /** The maximum. */
    MOST
  }

  /** One character of a set. */
  record Set(CodePointSet set) implements RegexNode {
    @Override
    public int length(Length kind) {
      return 1;
    }

    @Override
    public CodePointSet singleCharacter() {
      return set;
    }

    @Override
    public boolean addFirstBytes(boolean[] bytes) {
      set.addLeadBytes(bytes);
      return false;
    }
  }

  /** A certain character. */
  record Char(int codePoint) implements RegexNode {
    @Override
    public int length(Length kind) {
      return 1;
    }

    @Override
    public CodePointSet singleCharacter() {
      return CodePointSet.ofRanges(codePoint, codePoint);
    }

    @Override
    public boolean addFirstBytes(boolean[] bytes) {
      bytes[CodePoints.lead(codePoint)] = true;
      return false;
    }
  }

  /** Parts, one after the other. */
  record Concat(List<RegexNode> parts) implements RegexNode {
    @Override
    public int length(Length kind) {
      return bounded(parts.stream().mapToLong(part -> part.length(kind)).sum());
    }

    @Override
    public boolean addFirstBytes(boolean[] bytes) {
      for (RegexNode part : parts) {
        if (!part.addFirstBytes(bytes)) {
          return false;
        }
      }
      return true;
    }
  }

  /** The first of the choices with which the complete regex matches. */
  record Alternation(List<RegexNode> choices) implements RegexNode {
    @Override
    public int length(Length kind) {
      IntStream all = choices.stream().mapToInt(each -> each.length(kind));
      return (kind == Length.MOST ? all.max() : all.min()).orElse(0);
    }

    @Override
    public boolean addFirstBytes(boolean[] bytes) {
      boolean mayBeEmpty = false;
      for (RegexNode choice : choices) {
        mayBeEmpty |= choice.addFirstBytes(bytes);
      }
      return mayBeEmpty;
    }
  }

  /** A body, {@code min} to {@code max} times; {@code max} may be {@link #UNBOUNDED}. */
  record Repeat(RegexNode body, int min, int max, Mode mode) implements RegexNode {
    @Override
    public int length(Length kind) {
      return bounded((long) body.length(kind) * (kind == Length.MOST ? max : min));
    }

    @Override
    public boolean addFirstBytes(boolean[] bytes) {
      return max == 0 || body.addFirstBytes(bytes) || min == 0;
    }
  }

  /** A body into which no backtracking goes once it has matched: {@code (?>...)}. */
  record Atomic(RegexNode body) implements RegexNode {
    @Override
    public int length(Length kind) {
      return body.length(kind);
    }

    @Override
    public boolean addFirstBytes(boolean[] bytes) {
      return body.addFirstBytes(bytes);
    }
  }

  /**
   * Holds if a body matches after a place, or before it if not {@code ahead}; or, if {@code
   * negative}, if it does not match.
   */
  record Look(RegexNode body, boolean ahead, boolean negative) implements RegexNode {
    /** Consumes nothing; at the beginning of a text, the characters that a look-behind lacks. */
    @Override
    public int length(Length kind) {
      boolean lacksText = kind == Length.LEAST_AT_START && !ahead && !negative;
      return lacksText ? body.minLength() : 0;
    }

    /** Consumes nothing, but what follows a positive look ahead begins as its body does. */
    @Override
    public boolean addFirstBytes(boolean[] bytes) {
      return !ahead || negative || body.addFirstBytes(bytes);
    }
  }

  /** An anchor. */
  record Assertion(AdjacentCondition condition) implements RegexNode {
    @Override
    public int length(Length kind) {
      return 0;
    }

    @Override
    public boolean addFirstBytes(boolean[] bytes) {
      return true;
    }
  }

  /** The minimum number of characters of a match. */
  default int minLength() {
    return length(Length.LEAST);
  }

  /**
   * Whether a match may be empty at the beginning of a text, where a positive look-behind lacks the
   * characters that it needs.
   */
  default boolean mayMatchEmptyAtStart() {
    return length(Length.LEAST_AT_START) == 0;
  }

  /** The maximum number of characters of a match, or {@link #UNBOUNDED}. */
  default int maxLength() {
    return length(Length.MOST);
  }

  /** A length of a match in characters, at most {@link #UNBOUNDED}. */
  int length(Length kind);

  /** The set if this matches exactly one character of it; else null. */
  default @Nullable CodePointSet singleCharacter() {
    return null;
  }

  /**
   * Sets {@code bytes} to true for the bytes with which a match may begin.
   *
   * @return whether a match may be empty
   */
  boolean addFirstBytes(boolean[] bytes);

  /** A length, or {@link #UNBOUNDED} if it is greater. */
  private static int bounded(long length) {
    return (int) Math.min(UNBOUNDED, length);
  }
}
