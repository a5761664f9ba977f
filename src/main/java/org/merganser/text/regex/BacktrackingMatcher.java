package org.merganser.text.regex;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.merganser.text.regex.RegexState.Operation;
import org.merganser.text.regex.parse.AdjacentCondition;
import org.merganser.text.regex.parse.RegexNode;
import org.merganser.text.unicode.CodePointSet;
import org.merganser.text.unicode.CodePoints;
import org.merganser.text.unicode.Utf8;

/**
 * Matches a regular expression over UTF-8 bytes by backtracking on an explicit stack, so that long
 * text cannot overflow Java's stack. It runs the regexes that no {@link Nfa} expresses; tests
 * compare it with {@link DfaMatcher} for the others.
 *
 * <p>A match is the text that the first path to the final state consumes. A search can take more
 * than linear time, since each failed attempt may read the same text again. So visited states are
 * counted, and too many are an error.
 */
final class BacktrackingMatcher extends RegexMatcher {
  /**
   * The number of states that may be visited in all attempts over a text, besides {@link
   * #BYTE_STEPS}: some ten seconds.
   */
  static final long TEXT_STEPS = 1_000_000_000;

  /** The number of states that may be visited for each byte of a text, in addition. */
  private static final long BYTE_STEPS = 1_000;

  /** The ints of an entry of the stack: a state, and a place in the text. */
  private static final int ENTRY = 2;

  private final String regex;
  private final RegexState[] states;
  private final int startState;
  private final CodePointSet[] sets;
  private final List<AdjacentCondition> conditions;
  private final List<RegexNode.Look> looks;

  /** The limit of {@link #steps} in an empty text. */
  private final long textSteps;

  /** Where to continue when a path fails, the last choice on top. */
  private int[] stack = new int[64 * ENTRY];

  /** The ints of {@link #stack} in use. */
  private int top;

  /** The number of states visited so far in all attempts over this text. */
  private long steps;

  /** The limit of {@link #steps} in this text. */
  private long mostSteps;

  /**
   * Where the body of the current look-behind must end. There is only one at a time: {@link
   * org.merganser.text.regex.parse.RegexParser} refuses a look inside a look-behind.
   */
  private int behindEnd;

  /**
   * @param regex for messages
   * @param built the states of the regex
   * @param firstBytes the bytes with which a match may begin
   * @param textSteps the limit of steps in an empty text: {@link #TEXT_STEPS} except in tests
   */
  BacktrackingMatcher(String regex, RegexStates built, FirstBytes firstBytes, long textSteps) {
    super(firstBytes);
    this.regex = regex;
    this.textSteps = textSteps;
    states = built.states().toArray(new RegexState[0]);
    startState = built.start();
    sets = built.sets().toArray(new CodePointSet[0]);
    conditions = built.conditions();
    looks = built.looks();
  }

  @Override
  public void reset(byte[] newText, int newFrom, int newTo) {
    super.reset(newText, newFrom, newTo);
    steps = 0;
    mostSteps = textSteps + BYTE_STEPS * (newTo - newFrom);
  }

  @Override
  int matchEnd(int at) {
    top = 0;
    return run(startState, at);
  }

  /**
   * Runs from a state, at a place of the text, to the end of a match. Choices that were not tried
   * stay on the stack only while it runs.
   *
   * @return the end of the consumed text, or {@link #NO_MATCH}
   */
  private int run(int first, int begin) {
    int base = top;
    int number = first;
    int at = begin;
    while (true) {
      if (++steps > mostSteps) {
        throw tooManySteps(at);
      }
      RegexState state = states[number];
      if (isMatch(state, at)) {
        top = base;
        return at;
      }
      int after = advance(state, at);
      if (after != NO_MATCH) {
        number = state.first();
        at = after;
      } else if (top == base) {
        return NO_MATCH;
      } else {
        top -= ENTRY;
        number = stack[top];
        at = stack[top + 1];
      }
    }
  }

  /** Whether a run ends here with a match. */
  private boolean isMatch(RegexState state, int at) {
    return state.operation() == Operation.MATCH
        || (state.operation() == Operation.MATCH_BEHIND && at == behindEnd);
  }

  /**
   * Does what a state does, for which it may run a body to its end, or put a choice on the stack.
   *
   * @return the place at which the first successor of the state continues, or {@link #NO_MATCH}
   */
  private int advance(RegexState state, int at) {
    return switch (state.operation()) {
      case CHARACTER -> {
        boolean consumes = at < to && sets[state.argument()].contains(Utf8.codePoint(text, at));
        yield consumes ? at + CodePoints.length(text[at]) : NO_MATCH;
      }
      case SPLIT -> {
        push(state.second(), at);
        yield at;
      }
      case TEST -> holds(conditions.get(state.argument()), at) ? at : NO_MATCH;
      case ATOMIC -> run(state.second(), at);
      case AROUND -> looksAround(looks.get(state.argument()), state.second(), at) ? at : NO_MATCH;
      case MATCH, MATCH_BEHIND -> NO_MATCH;
    };
  }

  /** The error of a search that reached the limit of steps at a place. */
  private RegexLimitException tooManySteps(int at) {
    return new RegexLimitException(
        String.format(
                Locale.ROOT,
                "regex \"%s\" took more than %d steps over a text of %d bytes, about byte %d;",
                regex,
                mostSteps,
                to - from,
                at - from)
            + " write it so that its parts don't overlap");
  }

  /** Puts a choice on the stack, which is tried if the current path fails. */
  private void push(int state, int at) {
    if (top + ENTRY > stack.length) {
      if (stack.length > Integer.MAX_VALUE / 2) {
        throw new RegexLimitException(
            "regex \"" + regex + "\" has too many ways through " + (to - from) + " bytes");
      }
      stack = Arrays.copyOf(stack, 2 * stack.length);
    }
    stack[top] = state;
    stack[top + 1] = at;
    top += ENTRY;
  }

  /** Whether a look, whose body begins at the state {@code first}, holds here. */
  private boolean looksAround(RegexNode.Look look, int first, int at) {
    boolean found =
        look.ahead() ? run(first, at) != NO_MATCH : matchesBehind(look.body(), first, at);
    return found != look.negative();
  }

  /** Whether the body of a look-behind matches some text that ends here. */
  private boolean matchesBehind(RegexNode body, int first, int at) {
    behindEnd = at;
    int least = body.minLength();
    int most = body.maxLength();
    int begin = at;
    for (int length = 0; length <= most; length++) {
      if (length >= least && run(first, begin) != NO_MATCH) {
        return true;
      }
      if (begin == from) {
        return false;
      }
      begin = CodePoints.before(text, begin);
    }
    return false;
  }

  /** Whether a condition holds between the characters around {@code at}. */
  private boolean holds(AdjacentCondition condition, int at) {
    int previous =
        at == from ? AdjacentCondition.NONE : Utf8.codePoint(text, CodePoints.before(text, at));
    int next = at == to ? AdjacentCondition.NONE : Utf8.codePoint(text, at);
    return condition.predicate().holds(previous, next);
  }
}
