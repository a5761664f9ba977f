package org.merganser.text.regex.parse;

import org.jspecify.annotations.Nullable;
import org.merganser.text.regex.parse.RegexNode.Mode;
import org.merganser.text.regex.parse.RegexNode.Repeat;

/**
 * Parses what follows an atom: {@code ?}, {@code *}, {@code +}, {@code {n,m}}, and whether it is
 * lazy or possessive.
 */
record RegexQuantifiers(RegexSource source) {
  /** The maximum number of repeats, Oniguruma's own. */
  private static final int MAX_REPEAT = 100_000;

  /** What one quantifier requires, as in {@link Repeat}. */
  private record Bounds(int min, int max, Mode mode) {}

  /**
   * Whether a quantifier follows; nothing is read.
   *
   * @throws IllegalArgumentException for an interval that is not supported
   */
  boolean isNext() {
    int from = source.position();
    boolean isNext = "?*+".indexOf(source.peek()) >= 0 || takeInterval() != null;
    source.back(from);
    return isNext;
  }

  /**
   * Reads all quantifiers of the atom that begins at {@code from}; returns the repeated atom. One
   * that changes nothing ({@code {1}}) leaves the atom as it is.
   */
  RegexNode takeAll(RegexNode atom, int from) {
    RegexNode node = atom;
    while (isNext()) {
      int at = source.position();
      if (isBetweenCharacters(node)) {
        throw source.unsupported(
            at, "a quantifier of a lookaround or an anchor (from " + from + ")");
      }
      Bounds bounds = takeBounds();
      if (bounds.min == 1 && bounds.max == 1) {
        if (node instanceof RegexNode.Concat && isNext()) {
          throw source.unsupported(at, "a quantifier after {1} of several (from " + from + ")");
        }
      } else if (bounds.max > 1 && node.minLength() == 0) {
        // Oniguruma has its own rule for leaving a loop after an empty match.
        throw source.unsupported(
            at, "a repeat of a part that can match nothing (from " + from + ")");
      } else {
        node = new Repeat(node, bounds.min, bounds.max, bounds.mode);
      }
    }
    return node;
  }

  /**
   * Whether a node, or one of its alternatives, matches between characters, so that it is not
   * repeated.
   */
  private static boolean isBetweenCharacters(RegexNode node) {
    return node instanceof RegexNode.Look
        || node instanceof RegexNode.Assertion
        || (node instanceof RegexNode.Alternation alternation
            && alternation.choices().stream().anyMatch(RegexQuantifiers::isBetweenCharacters));
  }

  /** Reads the next quantifier. */
  private Bounds takeBounds() {
    Bounds interval = takeInterval();
    if (interval != null) {
      return interval;
    }
    int sign = source.next();
    int min = sign == '+' ? 1 : 0;
    int max = sign == '?' ? 1 : RegexNode.UNBOUNDED;
    if (source.take('?')) {
      return new Bounds(min, max, Mode.LAZY);
    }
    return new Bounds(min, max, source.take('+') ? Mode.POSSESSIVE : Mode.GREEDY);
  }

  /**
   * Reads {@code {n}}, {@code {n,}}, {@code {n,m}} or {@code {,m}}; null if none follows. The first
   * cannot be lazy, and none is possessive.
   */
  private @Nullable Bounds takeInterval() {
    int from = source.position();
    if (!source.take('{')) {
      return null;
    }
    int min = takeNumber(from);
    if (source.take('}') && min >= 0) {
      return new Bounds(min, min, Mode.GREEDY);
    }
    boolean comma = source.take(',');
    int max = takeNumber(from);
    if (!comma || (min < 0 && max < 0) || !source.take('}')) {
      source.back(from);
      return null;
    }
    int least = Math.max(min, 0);
    int most = max < 0 ? RegexNode.UNBOUNDED : max;
    if (least > most) {
      throw source.unsupported(from, "an interval that counts down");
    }
    return new Bounds(least, most, source.take('?') ? Mode.LAZY : Mode.GREEDY);
  }

  /** Reads a decimal number of the interval that begins at {@code from}; -1 if none follows. */
  private int takeNumber(int from) {
    int value = -1;
    while (source.peek() >= '0' && source.peek() <= '9') {
      value = Math.max(value, 0) * 10 + source.next() - '0';
      if (value > MAX_REPEAT) {
        throw source.unsupported(from, "an interval beyond " + MAX_REPEAT);
      }
    }
    return value;
  }
}
