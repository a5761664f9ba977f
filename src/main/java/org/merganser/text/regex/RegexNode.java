package org.merganser.text.regex;

import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.merganser.text.unicode.CodePointSet;
import org.merganser.text.unicode.CodePoints;

/** The syntax tree of a regular expression, with classes and case already expanded to sets. */
sealed interface RegexNode {
  /** As many as a search may need: no upper bound. */
  int UNBOUNDED = Integer.MAX_VALUE;

  /**
   * How a repeat goes on: as often as possible, as seldom, or as often without ever giving back.
   */
  enum Mode {
    GREEDY,
    LAZY,
    POSSESSIVE
  }

  /** What holds between two characters. */
  enum Anchor {
    LINE_START,
    LINE_END,
    TEXT_START,
    TEXT_END,
    TEXT_END_OR_LAST_NEWLINE,
    WORD_BOUNDARY,
    NOT_WORD_BOUNDARY,
    /** A word boundary where ASCII's word characters alone are in words. */
    ASCII_BOUNDARY,
    NOT_ASCII_BOUNDARY,
    /** Where the search for this match began. */
    SEARCH_START,
    CLUSTER_BOUNDARY,
    NOT_CLUSTER_BOUNDARY
  }

  /** One character of a set. */
  record Set(CodePointSet set) implements RegexNode {}

  /** One character. */
  record Char(int codePoint) implements RegexNode {}

  record Concat(List<RegexNode> parts) implements RegexNode {}

  record Alternation(List<RegexNode> choices) implements RegexNode {}

  record Repeat(RegexNode body, int min, int max, Mode mode) implements RegexNode {}

  record Atomic(RegexNode body) implements RegexNode {}

  /** Look-ahead or look-behind. */
  record Look(RegexNode body, boolean ahead, boolean negative) implements RegexNode {}

  record Assertion(Anchor anchor) implements RegexNode {}

  /** A group whose text back-references match again. */
  record Capture(int group, RegexNode body) implements RegexNode {}

  /**
   * The text of the first of some groups that has one which stands here again.
   *
   * @param groups in the order in which they are asked
   * @param leastLength the least number of characters that any of the groups matches
   */
  record BackReference(List<Integer> groups, boolean ignoreCase, int leastLength)
      implements RegexNode {}

  /** The match is told to begin here; what it consumed before stays consumed. */
  record Keep() implements RegexNode {}

  /**
   * Characters in a row without regard to case, of which several may fold as one. Stands in a tree
   * only until {@link RegexFolding} has spelled it out.
   */
  record FoldedText(List<Integer> codePoints) implements RegexNode {}

  /** Hands this node and all nodes in it to a consumer. */
  default void forEach(Consumer<RegexNode> consumer) {
    consumer.accept(this);
    if (this instanceof Concat concat) {
      concat.parts.forEach(part -> part.forEach(consumer));
    } else if (this instanceof Alternation alternation) {
      alternation.choices.forEach(choice -> choice.forEach(consumer));
    } else if (this instanceof Repeat repeat) {
      repeat.body.forEach(consumer);
    } else if (this instanceof Atomic atomic) {
      atomic.body.forEach(consumer);
    } else if (this instanceof Look look) {
      look.body.forEach(consumer);
    } else if (this instanceof Capture capture) {
      capture.body.forEach(consumer);
    }
  }

  /** The least number of characters of a match. */
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
    } else if (this instanceof Capture capture) {
      return capture.body.minLength();
    } else if (this instanceof BackReference reference) {
      return reference.leastLength;
    }
    return 0;
  }

  /** Whether a match may be empty where the text begins, so that no look-behind finds anything. */
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
    } else if (this instanceof Capture capture) {
      return capture.body.mayBeEmptyAtStart();
    } else if (this instanceof Look look) {
      return look.ahead || look.negative || look.body.minLength() == 0;
    }
    return true;
  }

  /** The greatest number of characters of a match, or {@link #UNBOUNDED}. */
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
    } else if (this instanceof Capture capture) {
      return capture.body.maxLength();
    }
    return this instanceof BackReference ? UNBOUNDED : 0;
  }

  /** The set of which this matches one character; null where it is anything else. */
  default @Nullable CodePointSet singleCharacter() {
    if (this instanceof Set one) {
      return one.set;
    }
    return this instanceof Char one ? CodePointSet.ofRanges(one.codePoint, one.codePoint) : null;
  }

  /**
   * Adds the bytes that may stand where a match begins.
   *
   * @return whether any byte may stand there, or none, since a match may be empty
   */
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
    } else if (this instanceof Capture capture) {
      return capture.body.firstBytes(bytes);
    } else if (this instanceof Look look && look.ahead && !look.negative) {
      // It takes nothing, but what stands behind begins as its body does.
      return look.body.firstBytes(bytes);
    } else if (this instanceof BackReference) {
      Arrays.fill(bytes, true);
    }
    return true;
  }
}
