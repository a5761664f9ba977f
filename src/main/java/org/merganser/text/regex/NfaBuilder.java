package org.merganser.text.regex;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.merganser.text.regex.Nfa.Operation;
import org.merganser.text.regex.Nfa.State;
import org.merganser.text.regex.RegexNode.Mode;
import org.merganser.text.unicode.CodePointSet;

/** Builds the states of an {@link Nfa} from the last to the first, each with what follows it. */
final class NfaBuilder {
  /** More come from large intervals. */
  private static final int MAX_STATES = 4096;

  private static final int NOWHERE = -1;

  private final List<State> states = new ArrayList<>();
  private final Map<CodePointSet, Integer> sets = new LinkedHashMap<>();
  private final List<AdjacentCharacterTest> looks = new ArrayList<>();
  private final int start;

  private NfaBuilder(RegexNode root) {
    start = add(root, add(Operation.MATCH, 0, NOWHERE, NOWHERE));
  }

  /** The states of a regex; nothing where an NFA doesn't express it. */
  static Optional<NfaBuilder> build(RegexNode root) {
    return size(root) > MAX_STATES ? Optional.empty() : Optional.of(new NfaBuilder(root));
  }

  List<State> states() {
    return states;
  }

  int start() {
    return start;
  }

  /** The sets that the arguments of CHARACTER states number. */
  List<CodePointSet> sets() {
    return List.copyOf(sets.keySet());
  }

  /** The conditions that the arguments of LOOK states number. */
  List<AdjacentCharacterTest> looks() {
    return looks;
  }

  /** The sets of characters and of conditions. */
  List<CodePointSet> allSets() {
    List<CodePointSet> all = new ArrayList<>(sets.keySet());
    looks.forEach(look -> all.addAll(look.sets()));
    return all.stream().distinct().toList();
  }

  /**
   * No less than the number of states that a node takes; above every bound if it can't be built.
   */
  private static long size(RegexNode node) {
    if (node.singleCharacter() != null || AdjacentCharacterTest.of(node) != null) {
      return 1;
    } else if (node instanceof RegexNode.Concat concat) {
      return sum(concat.parts());
    } else if (node instanceof RegexNode.Alternation alternation) {
      return alternation.choices().size() + sum(alternation.choices());
    } else if (node instanceof RegexNode.Repeat repeat) {
      boolean unbounded = repeat.max() == RegexNode.UNBOUNDED;
      boolean possessive = repeat.mode() == Mode.POSSESSIVE;
      if ((unbounded && repeat.body().minLength() == 0)
          || (possessive && repeat.body().singleCharacter() == null)) {
        return Integer.MAX_VALUE;
      }
      long turns = unbounded ? repeat.min() + 1L : repeat.max();
      return Math.min(Integer.MAX_VALUE, 1 + turns * (1 + size(repeat.body())));
    }
    return Integer.MAX_VALUE;
  }

  private static long sum(List<RegexNode> nodes) {
    return nodes.stream().mapToLong(NfaBuilder::size).sum();
  }

  private int add(Operation operation, int argument, int first, int second) {
    states.add(new State(operation, argument, first, second));
    return states.size() - 1;
  }

  /** Adds the states of a node before {@code next}; gives the state in which it begins. */
  private int add(RegexNode node, int next) {
    CodePointSet set = node.singleCharacter();
    if (set != null) {
      sets.putIfAbsent(set, sets.size());
      return add(Operation.CHARACTER, sets.get(set), next, NOWHERE);
    }
    AdjacentCharacterTest look = AdjacentCharacterTest.of(node);
    if (look != null) {
      return add(look, next);
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
    }
    throw new IllegalStateException(node + " is in no NFA");
  }

  private int add(AdjacentCharacterTest look, int next) {
    looks.add(look);
    return add(Operation.LOOK, looks.size() - 1, next, NOWHERE);
  }

  private int add(RegexNode.Repeat repeat, int next) {
    RegexNode body = repeat.body();
    boolean lazy = repeat.mode() == Mode.LAZY;
    CodePointSet set = body.singleCharacter();
    int left = next;
    if (set != null && repeat.mode() == Mode.POSSESSIVE) {
      left = add(AdjacentCharacterTest.ahead(set, true), next);
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
