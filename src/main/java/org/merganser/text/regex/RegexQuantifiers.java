package org.merganser.text.regex;

import org.jspecify.annotations.Nullable;
import org.merganser.text.regex.RegexNode.Mode;
import org.merganser.text.regex.RegexNode.Repeat;

/**
 * Parses quantifiers. A repeat that is repeated becomes one repeat where Oniguruma makes one of the
 * two: {@code a**} is {@code a*}.
 */
final class RegexQuantifiers {
  /** Oniguruma's own bound of a repeat. */
  private static final int MAX_REPEAT = 100_000;

  /** Places of {@code *} and {@code +} in {@link #REPEATED}. */
  private static final int STAR = 1;

  private static final int PLUS = 2;

  /**
   * What a repeat (the row) that is repeated (the column) becomes, both in the order {@code ? * +
   * ?? *? +?}: {@code *}, {@code +}, {@code 1} for {@code ??}, {@code 2} for {@code *?}, {@code x}
   * for {@code (?:a+)??}, {@code =} for the inner repeat as it is, {@code .} for both as they
   * stand.
   */
  private static final String[] REPEATED = {
    "=**12.", "===xx=", "**=.x=", "=22=22", "======", ".*+22=",
  };

  private final RegexSource source;

  RegexQuantifiers(RegexSource source) {
    this.source = source;
  }

  private record Bounds(int min, int max, Mode mode) {
    boolean once() {
      return min == 1 && max == 1;
    }
  }

  /** Whether a quantifier stands here. */
  boolean isNext() {
    int from = source.position();
    boolean is = "?*+".indexOf(source.peek()) >= 0 || interval() != null;
    source.back(from);
    return is;
  }

  /**
   * The atom with all quantifiers behind it.
   *
   * @param from where the atom begins
   */
  RegexNode repeated(RegexNode atom, int from, boolean ignoreSpace) {
    RegexNode node = atom;
    while (isNext()) {
      int at = source.position();
      if (isBetweenCharacters(node)) {
        throw source.refuse(at, "a quantifier of what it stands behind (from " + from + ")");
      }
      Bounds bounds = next();
      source.skipIgnored(ignoreSpace);
      if (!bounds.once()) {
        node = repeated(node, bounds);
      } else if (node instanceof RegexNode.Concat && isNext()) {
        throw source.refuse(at, "a quantifier behind {1} of several (from " + from + ")");
      }
      if (node instanceof Repeat repeat && isCounted(repeat) && repeat.body().minLength() == 0) {
        // Oniguruma leaves a counted loop at an empty turn, before its least number of turns.
        throw source.refuse(at, "an interval of what can match nothing (from " + from + ")");
      }
    }
    return node;
  }

  private static boolean isCounted(Repeat repeat) {
    return repeat.min() > 1 || (repeat.max() > 1 && repeat.max() < RegexNode.UNBOUNDED);
  }

  /** What Oniguruma doesn't repeat: what stands between characters, alone or as an alternative. */
  private static boolean isBetweenCharacters(RegexNode node) {
    return node instanceof RegexNode.Look
        || node instanceof RegexNode.Assertion
        || node instanceof RegexNode.Keep
        || (node instanceof RegexNode.Alternation alternation
            && alternation.choices().stream().anyMatch(RegexQuantifiers::isBetweenCharacters));
  }

  private static RegexNode repeated(RegexNode node, Bounds bounds) {
    boolean possessive = bounds.mode == Mode.POSSESSIVE;
    Repeat outer = new Repeat(node, bounds.min, bounds.max, possessive ? Mode.GREEDY : bounds.mode);
    Repeat made =
        node instanceof Repeat inner && inner.mode() != Mode.POSSESSIVE
            ? repeated(inner, outer)
            : outer;
    if (!possessive) {
      return made;
    }
    return made.mode() == Mode.GREEDY
        ? new Repeat(made.body(), made.min(), made.max(), Mode.POSSESSIVE)
        : new RegexNode.Atomic(made);
  }

  private static Repeat repeated(Repeat inner, Repeat outer) {
    int innerKind = kind(inner);
    int outerKind = kind(outer);
    if (innerKind >= 0 && outerKind >= 0) {
      RegexNode body = inner.body();
      return switch (REPEATED[innerKind].charAt(outerKind)) {
        case '=' -> inner;
        case '*' -> new Repeat(body, 0, RegexNode.UNBOUNDED, Mode.GREEDY);
        case '+' -> new Repeat(body, 1, RegexNode.UNBOUNDED, Mode.GREEDY);
        case '1' -> new Repeat(body, 0, 1, Mode.LAZY);
        case '2' -> new Repeat(body, 0, RegexNode.UNBOUNDED, Mode.LAZY);
        case 'x' ->
            new Repeat(new Repeat(body, 1, RegexNode.UNBOUNDED, Mode.GREEDY), 0, 1, Mode.LAZY);
        default -> outer;
      };
    }
    boolean finite = outer.max() != RegexNode.UNBOUNDED;
    if (innerKind == STAR || innerKind == PLUS) {
      return finite && outer.max() > 1 && outer.mode() == Mode.GREEDY
          ? new Repeat(inner, outer.min(), Math.max(outer.min(), 1), Mode.GREEDY)
          : outer;
    }
    long times = (long) inner.min() * outer.min();
    return inner.min() == inner.max() && outer.min() == outer.max() && times < Integer.MAX_VALUE
        ? new Repeat(inner.body(), (int) times, (int) times, outer.mode())
        : outer;
  }

  /** The place in {@link #REPEATED}, or -1. */
  private static int kind(Repeat repeat) {
    boolean unbounded = repeat.max() == RegexNode.UNBOUNDED;
    int greedy;
    if (repeat.min() == 0 && repeat.max() == 1) {
      greedy = 0;
    } else if (repeat.min() == 0 && unbounded) {
      greedy = STAR;
    } else if (repeat.min() == 1 && unbounded) {
      greedy = PLUS;
    } else {
      return -1;
    }
    return repeat.mode() == Mode.LAZY ? greedy + 3 : greedy;
  }

  private Bounds next() {
    Bounds interval = interval();
    if (interval != null) {
      return interval;
    }
    int sign = source.next();
    Mode mode = source.take('?') ? Mode.LAZY : source.take('+') ? Mode.POSSESSIVE : Mode.GREEDY;
    return new Bounds(sign == '+' ? 1 : 0, sign == '?' ? 1 : RegexNode.UNBOUNDED, mode);
  }

  /**
   * Reads {@code {n}}, {@code {n,}}, {@code {n,m}} or {@code {,m}}; null where none stands. The
   * first can't be lazy, and one that counts down is possessive.
   */
  private @Nullable Bounds interval() {
    int from = source.position();
    if (!source.take('{')) {
      return null;
    }
    int min = number(from);
    if (source.take('}') && min >= 0) {
      return new Bounds(min, min, Mode.GREEDY);
    }
    boolean comma = source.take(',');
    int max = number(from);
    if (!comma || (min < 0 && max < 0) || !source.take('}')) {
      source.back(from);
      return null;
    }
    min = Math.max(min, 0);
    max = max < 0 ? RegexNode.UNBOUNDED : max;
    if (min > max) {
      return new Bounds(max, min, Mode.POSSESSIVE);
    }
    return new Bounds(min, max, source.take('?') ? Mode.LAZY : Mode.GREEDY);
  }

  /** A decimal number, or -1. */
  private int number(int from) {
    int value = -1;
    while (source.peek() >= '0' && source.peek() <= '9') {
      value = Math.max(value, 0) * 10 + source.next() - '0';
      if (value > MAX_REPEAT) {
        throw source.refuse(from, "an interval beyond " + MAX_REPEAT);
      }
    }
    return value;
  }
}
