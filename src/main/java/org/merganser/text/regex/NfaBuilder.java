package org.merganser.text.regex;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
  /** Nested intervals and repeats, such as {@code a++++}, can exceed this. */
  private static final int MAX_STATES = 1 << 16;

  private static final int NOWHERE = -1;

  private final String regex;
  private final List<State> states = new ArrayList<>();
  private final Map<CodePointSet, Integer> sets = new LinkedHashMap<>();

  /** The numbers of sets, by identity: hashing a set takes its full size. */
  private final IdentityHashMap<RegexNode, Integer> known = new IdentityHashMap<>();

  private final List<AdjacentCondition> conditions = new ArrayList<>();

  /** The numbers of conditions, by identity: nested repeats add a node thousands of times. */
  private final IdentityHashMap<RegexNode, Integer> knownConditions = new IdentityHashMap<>();

  private final List<RegexNode.Look> looks = new ArrayList<>();
  private final int start;

  /**
   * @throws IllegalArgumentException if the regex needs too many states
   */
  NfaBuilder(String regex, RegexNode root) {
    this.regex = regex;
    start = add(root, add(Operation.MATCH, 0, NOWHERE, NOWHERE));
  }

  List<State> states() {
    return states;
  }

  int start() {
    return start;
  }

  List<CodePointSet> sets() {
    return List.copyOf(sets.keySet());
  }

  List<AdjacentCondition> conditions() {
    return conditions;
  }

  List<RegexNode.Look> looks() {
    return looks;
  }

  List<CodePointSet> allSets() {
    List<CodePointSet> all = new ArrayList<>(sets.keySet());
    conditions.forEach(condition -> all.addAll(condition.sets()));
    return all.stream().distinct().toList();
  }

  private int add(Operation operation, int argument, int first, int second) {
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
    Integer setNumber = known.get(node);
    if (setNumber != null) {
      return add(Operation.CHARACTER, setNumber, next, NOWHERE);
    }
    CodePointSet set = node.singleCharacter();
    if (set != null) {
      sets.putIfAbsent(set, sets.size());
      known.put(node, sets.get(set));
      return add(node, next);
    }
    AdjacentCondition condition = AdjacentCondition.of(node);
    if (condition != null) {
      return addTest(node, condition, next);
    } else if (node instanceof RegexNode.Concat concat) {
      int first = next;
      for (int i = concat.parts().size() - 1; i >= 0; i--) {
        first = add(concat.parts().get(i), first);
      }
      return first;
    } else if (node instanceof RegexNode.Alternation alternation) {
      int first = NOWHERE;
      for (int i = alternation.choices().size() - 1; i >= 0; i--) {
        int choice = add(alternation.choices().get(i), next);
        first = first == NOWHERE ? choice : add(Operation.SPLIT, 0, choice, first);
      }
      return first;
    } else if (node instanceof RegexNode.Repeat repeat) {
      return add(repeat, next);
    } else if (node instanceof RegexNode.Atomic atomic) {
      return add(Operation.ATOMIC, 0, next, body(atomic.body(), 0));
    } else if (node instanceof RegexNode.Look look) {
      looks.add(look);
      int number = looks.size() - 1;
      return add(Operation.AROUND, number, next, body(look.body(), look.ahead() ? 0 : 1));
    }
    throw new IllegalStateException(node + " is in no NFA");
  }

  private int body(RegexNode body, int behind) {
    return add(body, add(Operation.MATCH, behind, NOWHERE, NOWHERE));
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
    return add(Operation.TEST, number, next, NOWHERE);
  }

  private int add(RegexNode.Repeat repeat, int next) {
    RegexNode body = repeat.body();
    boolean lazy = repeat.mode() == Mode.LAZY;
    CodePointSet set = body.singleCharacter();
    int left = next;
    if (repeat.mode() == Mode.POSSESSIVE) {
      if (set == null) {
        RegexNode greedy = new RegexNode.Repeat(body, repeat.min(), repeat.max(), Mode.GREEDY);
        return add(new RegexNode.Atomic(greedy), next);
      }
      left = addTest(body, AdjacentCondition.ahead(set, true), next);
    }
    int first;
    if (repeat.max() == RegexNode.UNBOUNDED) {
      first = add(Operation.SPLIT, 0, NOWHERE, NOWHERE);
      states.set(first, split(add(body, first), left, lazy));
    } else {
      first = next;
      for (int i = repeat.min(); i < repeat.max(); i++) {
        State split = split(add(body, first), left, lazy);
        first = add(split.operation(), 0, split.first(), split.second());
      }
    }
    for (int i = 0; i < repeat.min(); i++) {
      first = add(body, first);
    }
    return first;
  }

  private static State split(int body, int left, boolean lazy) {
    return new State(Operation.SPLIT, 0, lazy ? left : body, lazy ? body : left);
  }
}
