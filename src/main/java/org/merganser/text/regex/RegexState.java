package org.merganser.text.regex;

/**
 * A state of a regular expression, as {@link RegexStates} builds it and {@link Nfa} and {@link
 * BacktrackingMatcher} run it. {@link Operation} says what {@code argument}, {@code first} and
 * {@code second} are.
 *
 * @param argument the number of a set, a condition or a look
 * @param first the number of the state with which the match continues
 * @param second the number of another state
 */
record RegexState(Operation operation, int argument, int first, int second) {
  /** What a state does. */
  enum Operation {
    /** Consumes a character of the set {@code argument} and continues at {@code first}. */
    CHARACTER,
    /** Continues at {@code first}, or else at {@code second}. */
    SPLIT,
    /** Continues at {@code first} if the condition {@code argument} holds here. */
    TEST,
    /** Matches {@code second} without backtracking into it, then continues at {@code first}. */
    ATOMIC,
    /**
     * Continues at {@code first} if the look {@code argument}, whose body begins at {@code second},
     * holds here.
     */
    AROUND,
    /** The match ends here. */
    MATCH,
    /** The body of a look-behind ends here, if this is the place that looks behind. */
    MATCH_BEHIND
  }

  /** In place of an argument or a state that an operation does not have. */
  private static final int NONE = -1;

  /** A state of {@link Operation#CHARACTER}. */
  static RegexState character(int set, int next) {
    return new RegexState(Operation.CHARACTER, set, next, NONE);
  }

  /** A state of {@link Operation#SPLIT}. */
  static RegexState split(int preferred, int other) {
    return new RegexState(Operation.SPLIT, NONE, preferred, other);
  }

  /** A state of {@link Operation#TEST}. */
  static RegexState test(int condition, int next) {
    return new RegexState(Operation.TEST, condition, next, NONE);
  }

  /** A state of {@link Operation#ATOMIC}. */
  static RegexState atomic(int body, int next) {
    return new RegexState(Operation.ATOMIC, NONE, next, body);
  }

  /** A state of {@link Operation#AROUND}. */
  static RegexState around(int look, int body, int next) {
    return new RegexState(Operation.AROUND, look, next, body);
  }

  /** A state that ends a match, a body, or the body of a look-behind. */
  static RegexState end(Operation matchOrMatchBehind) {
    return new RegexState(matchOrMatchBehind, NONE, NONE, NONE);
  }
}
