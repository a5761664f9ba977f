package org.merganser.text.regex;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.merganser.text.regex.RegexState.Operation;
import org.merganser.text.regex.parse.AdjacentCondition;
import org.merganser.text.regex.parse.RegexNode;
import org.merganser.text.regex.parse.RegexNode.Mode;
import org.merganser.text.unicode.CodePointSet;

/**
 * The states of a regular expression, of which an {@link Nfa} or a {@link BacktrackingMatcher} is
 * made. They are built from the last to the first, each with its successor (Thompson's
 * construction). The bodies of {@link Operation#ATOMIC} and {@link Operation#AROUND} end in a match
 * of their own.
 */
final class RegexStates {
  /**
   * The maximum number of states; nested intervals and repeats, such as {@code a++++}, exceed it.
   */
  private static final int MAX_STATES = 1 << 16;

  private final String regex;
  private final List<RegexState> states = new ArrayList<>();

  /** The sets with their numbers. */
  private final Map<CodePointSet, Integer> sets = new LinkedHashMap<>();

  /** By node, the number of its set; by identity, since hashing a set takes its full size. */
  private final IdentityHashMap<RegexNode, Integer> knownSets = new IdentityHashMap<>();

  private final List<AdjacentCondition> conditions = new ArrayList<>();

  /** By node, the number of its condition: nested repeats add a node thousands of times. */
  private final IdentityHashMap<RegexNode, Integer> knownConditions = new IdentityHashMap<>();

  private final List<RegexNode.Look> looks = new ArrayList<>();

  /** The number of the state in which a match starts. */
  private final int start;

  /**
   * @throws IllegalArgumentException if the regex needs too many states
   */
  RegexStates(String regex, RegexNode root) {
    this.regex = regex;
    start = add(root, addState(RegexState.end(Operation.MATCH)));
  }

  /** All states, by number. */
  List<RegexState> states() {
    return states;
  }

  /** The number of the state in which a match starts. */
  int start() {
    return start;
  }

  /** The sets of {@link Operation#CHARACTER}, by number. */
  List<CodePointSet> sets() {
    return List.copyOf(sets.keySet());
  }

  /** The conditions of {@link Operation#TEST}, by number. */
  List<AdjacentCondition> conditions() {
    return conditions;
  }

  /** The looks of {@link Operation#AROUND}, by number. */
  List<RegexNode.Look> looks() {
    return looks;
  }

  /** The sets of {@link Operation#CHARACTER} and those that conditions test. */
  List<CodePointSet> allSets() {
    List<CodePointSet> all = new ArrayList<>(sets.keySet());
    conditions.forEach(condition -> all.addAll(condition.sets()));
    return all.stream().distinct().toList();
  }

  /** Adds a state and returns its number. */
  private int addState(RegexState state) {
    if (states.size() == MAX_STATES) {
      throw new IllegalArgumentException(
          ("regex \"%s\" needs more than %s states: an interval such as {1,100} needs those of its"
                  + " body 100 times, and nested intervals and repeats multiply; write it shorter")
              .formatted(regex, MAX_STATES));
    }
    states.add(state);
    return states.size() - 1;
  }

  /** Adds the states of a node before {@code next}; returns its first state. */
  private int add(RegexNode node, int next) {
    Integer setNumber = setNumber(node);
    if (setNumber != null) {
      return addState(RegexState.character(setNumber, next));
    }
    AdjacentCondition condition = AdjacentCondition.of(node);
    if (condition != null) {
      return addTest(node, condition, next);
    } else if (node instanceof RegexNode.Concat concat) {
      return addSequence(concat.parts(), next);
    } else if (node instanceof RegexNode.Alternation alternation) {
      return addChoices(alternation.choices(), next);
    } else if (node instanceof RegexNode.Repeat repeat) {
      return addRepeat(repeat, next);
    } else if (node instanceof RegexNode.Atomic atomic) {
      int body = addBody(atomic.body(), Operation.MATCH);
      return addState(RegexState.atomic(body, next));
    } else if (node instanceof RegexNode.Look look) {
      looks.add(look);
      int number = looks.size() - 1;
      Operation end = look.ahead() ? Operation.MATCH : Operation.MATCH_BEHIND;
      return addState(RegexState.around(number, addBody(look.body(), end), next));
    }
    throw new IllegalStateException(node + " has no states");
  }

  /** The number of the set of which a node matches one character; null for another node. */
  private @Nullable Integer setNumber(RegexNode node) {
    Integer known = knownSets.get(node);
    if (known != null) {
      return known;
    }
    CodePointSet set = node.singleCharacter();
    if (set == null) {
      return null;
    }
    sets.putIfAbsent(set, sets.size());
    knownSets.put(node, sets.get(set));
    return sets.get(set);
  }

  /** Adds the parts of a sequence; returns the first state. */
  private int addSequence(List<RegexNode> parts, int next) {
    int first = next;
    for (int i = parts.size() - 1; i >= 0; i--) {
      first = add(parts.get(i), first);
    }
    return first;
  }

  /** Adds alternatives; returns the state that tries them in order. */
  private int addChoices(List<RegexNode> choices, int next) {
    int last = choices.size() - 1;
    int first = add(choices.get(last), next);
    for (int i = last - 1; i >= 0; i--) {
      first = addState(RegexState.split(add(choices.get(i), next), first));
    }
    return first;
  }

  /** Adds a body that ends in a match of its own; returns its first state. */
  private int addBody(RegexNode body, Operation end) {
    return add(body, addState(RegexState.end(end)));
  }

  /** Adds a test of a condition, which is stored only once for each node that needs it. */
  private int addTest(RegexNode node, AdjacentCondition condition, int next) {
    int number =
        knownConditions.computeIfAbsent(
            node,
            each -> {
              conditions.add(condition);
              return conditions.size() - 1;
            });
    return addState(RegexState.test(number, next));
  }

  /**
   * Adds a repeat: its body {@code min} times, then a loop or, if there is a maximum, further
   * optional bodies. A possessive repeat of one character is greedy and ends before another
   * character only.
   */
  private int addRepeat(RegexNode.Repeat repeat, int next) {
    RegexNode body = repeat.body();
    boolean isLazy = repeat.mode() == Mode.LAZY;
    int exit = next;
    if (repeat.mode() == Mode.POSSESSIVE) {
      CodePointSet set = body.singleCharacter();
      if (set == null) {
        RegexNode greedy = new RegexNode.Repeat(body, repeat.min(), repeat.max(), Mode.GREEDY);
        return add(new RegexNode.Atomic(greedy), next);
      }
      exit = addTest(body, AdjacentCondition.ahead(set, /* negative= */ true), next);
    }
    int first =
        repeat.max() == RegexNode.UNBOUNDED
            ? addLoop(body, exit, isLazy)
            : addOptional(body, repeat.max() - repeat.min(), exit, next, isLazy);
    for (int i = 0; i < repeat.min(); i++) {
      first = add(body, first);
    }
    return first;
  }

  /** Adds a body that repeats without a maximum; returns the state that chooses whether it does. */
  private int addLoop(RegexNode body, int exit, boolean isLazy) {
    int choice = addState(RegexState.split(exit, exit)); // until the number of the body is known
    states.set(choice, bodyOrExit(add(body, choice), exit, isLazy));
    return choice;
  }

  /**
   * Adds a body {@code times} times. Before each there is a choice: the body, or the exit.
   *
   * @param exit where a choice leads that takes no body
   * @param next where the last body leads
   */
  private int addOptional(RegexNode body, int times, int exit, int next, boolean isLazy) {
    int first = next;
    for (int i = 0; i < times; i++) {
      first = addState(bodyOrExit(add(body, first), exit, isLazy));
    }
    return first;
  }

  /** The choice between the body of a repeat and what follows it; a lazy one prefers the latter. */
  private static RegexState bodyOrExit(int body, int exit, boolean isLazy) {
    return isLazy ? RegexState.split(exit, body) : RegexState.split(body, exit);
  }
}
