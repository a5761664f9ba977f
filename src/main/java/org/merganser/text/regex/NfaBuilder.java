package org.merganser.text.regex;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.merganser.text.regex.Nfa.Operation;
import org.merganser.text.regex.Nfa.State;
import org.merganser.text.regex.parse.AdjacentCondition;
import org.merganser.text.regex.parse.RegexNode;
import org.merganser.text.regex.parse.RegexNode.Mode;
import org.merganser.text.unicode.CodePointSet;

/**
 * Builds the states of a regular expression from the last to the first, each with its successor
 * (Thompson's construction). The bodies of {@link Operation#ATOMIC} and {@link Operation#AROUND}
 * end in a {@link Operation#MATCH} of their own.
 */
final class NfaBuilder {
  /**
   * The maximum number of states; nested intervals and repeats, such as {@code a++++}, exceed it.
   */
  private static final int MAX_STATES = 1 << 16;

  /** The argument of a state that needs none. */
  private static final int NO_ARGUMENT = 0;

  /** In place of the number of a successor that a state does not have. */
  private static final int NOWHERE = -1;

  private final String regex;
  private final List<State> states = new ArrayList<>();

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
  NfaBuilder(String regex, RegexNode root) {
    this.regex = regex;
    start = add(root, addState(Operation.MATCH, NO_ARGUMENT, NOWHERE, NOWHERE));
  }

  /** All states, by number. */
  List<State> states() {
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

  /** The sets of characters and of conditions. */
  List<CodePointSet> allSets() {
    List<CodePointSet> all = new ArrayList<>(sets.keySet());
    conditions.forEach(condition -> all.addAll(condition.sets()));
    return all.stream().distinct().toList();
  }

  /** Adds a state and returns its number. */
  private int addState(Operation operation, int argument, int first, int second) {
    if (states.size() == MAX_STATES) {
      throw new IllegalArgumentException(
          ("regex \"%s\" needs more than %s states: an interval such as {1,100} needs those of its"
                  + " body 100 times, and nested intervals and repeats multiply; write it shorter")
              .formatted(regex, MAX_STATES));
    }
    states.add(new State(operation, argument, first, second));
    return states.size() - 1;
  }

  /** Adds the states of a node before {@code next}; returns its first state. */
  private int add(RegexNode node, int next) {
    Integer setNumber = setNumber(node);
    if (setNumber != null) {
      return addState(Operation.CHARACTER, setNumber, next, NOWHERE);
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
      int body = addBody(atomic.body(), /* behind= */ false);
      return addState(Operation.ATOMIC, NO_ARGUMENT, next, body);
    } else if (node instanceof RegexNode.Look look) {
      looks.add(look);
      int number = looks.size() - 1;
      return addState(Operation.AROUND, number, next, addBody(look.body(), !look.ahead()));
    }
    throw new IllegalStateException(node + " is in no NFA");
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
    int first = NOWHERE;
    for (int i = choices.size() - 1; i >= 0; i--) {
      int choice = add(choices.get(i), next);
      first = first == NOWHERE ? choice : addState(Operation.SPLIT, NO_ARGUMENT, choice, first);
    }
    return first;
  }

  /**
   * Adds a body that ends in a match of its own; returns its first state.
   *
   * @param behind whether it is the body of a look-behind
   */
  private int addBody(RegexNode body, boolean behind) {
    int argument = behind ? State.LOOK_BEHIND : NO_ARGUMENT;
    return add(body, addState(Operation.MATCH, argument, NOWHERE, NOWHERE));
  }

  /** Adds a test of the condition that the node makes, which is the same each time. */
  private int addTest(RegexNode node, AdjacentCondition condition, int next) {
    int number =
        knownConditions.computeIfAbsent(
            node,
            each -> {
              conditions.add(condition);
              return conditions.size() - 1;
            });
    return addState(Operation.TEST, number, next, NOWHERE);
  }

  /**
   * Adds a repeat: its body {@code min} times, then a loop, or as many optional bodies as there may
   * be more. A possessive repeat of one character is greedy and ends before another character only.
   */
  private int addRepeat(RegexNode.Repeat repeat, int next) {
    RegexNode body = repeat.body();
    boolean lazy = repeat.mode() == Mode.LAZY;
    CodePointSet set = body.singleCharacter();
    int exit = next;
    if (repeat.mode() == Mode.POSSESSIVE) {
      if (set == null) {
        RegexNode greedy = new RegexNode.Repeat(body, repeat.min(), repeat.max(), Mode.GREEDY);
        return add(new RegexNode.Atomic(greedy), next);
      }
      exit = addTest(body, AdjacentCondition.ahead(set, /* negative= */ true), next);
    }
    int first =
        repeat.max() == RegexNode.UNBOUNDED
            ? addLoop(body, exit, lazy)
            : addOptional(body, repeat.max() - repeat.min(), exit, lazy, next);
    for (int i = 0; i < repeat.min(); i++) {
      first = add(body, first);
    }
    return first;
  }

  /** Adds a body that repeats without a maximum; returns the state that chooses whether it does. */
  private int addLoop(RegexNode body, int exit, boolean lazy) {
    int choice = addState(Operation.SPLIT, NO_ARGUMENT, NOWHERE, NOWHERE);
    states.set(choice, split(add(body, choice), exit, lazy));
    return choice;
  }

  /**
   * Adds a body {@code times} times, each with a choice before it whether it follows.
   *
   * @param exit where a choice leads that takes no body
   * @param next where the last body leads
   */
  private int addOptional(RegexNode body, int times, int exit, boolean lazy, int next) {
    int first = next;
    for (int i = 0; i < times; i++) {
      State split = split(add(body, first), exit, lazy);
      first = addState(split.operation(), NO_ARGUMENT, split.first(), split.second());
    }
    return first;
  }

  /** The choice between the body of a repeat and what follows it. */
  private static State split(int body, int exit, boolean lazy) {
    return new State(Operation.SPLIT, NO_ARGUMENT, lazy ? exit : body, lazy ? body : exit);
  }
}
