package org.merganser.text.regex;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The groups of a regex while it is parsed: their numbers and names, and which of them
 * back-references ask for. Where a group has a name, those without one capture nothing.
 */
final class RegexGroups {
  /** Where each group begins, by its number less one. */
  private final List<Integer> places = new ArrayList<>();

  private final Map<String, List<Integer>> names = new HashMap<>();

  /** The least length of each group that is closed. */
  private final Map<Integer, Integer> leastLengths = new HashMap<>();

  private final Set<Integer> referenced = new HashSet<>();
  private final RegexSource source;

  /** Where the first back-reference by number stands, or -1. */
  private int byNumber = -1;

  RegexGroups(RegexSource source) {
    this.source = source;
  }

  /** A group begins: its number. */
  int open(int from, @Nullable String name) {
    places.add(from);
    if (name != null) {
      names.computeIfAbsent(name, n -> new ArrayList<>()).add(places.size());
    }
    return places.size();
  }

  RegexNode close(int group, RegexNode body) {
    leastLengths.put(group, body.minLength());
    return new RegexNode.Capture(group, body);
  }

  /** Whether {@code \N} of this number is a back-reference and no octal number. */
  boolean mayBe(int number) {
    return number <= 9 || number <= places.size();
  }

  /** The name of a group behind {@code (?<} or {@code (?'}, with its closing mark. */
  String takeName(int from, int closing) {
    int start = source.position();
    while (isNameCharacter(source.peek())) {
      source.next();
    }
    String name = source.since(start);
    if (name.isEmpty() || Character.isDigit(name.codePointAt(0)) || !source.take(closing)) {
      throw source.refuse(from, "a group with such a name");
    }
    return name;
  }

  private static boolean isNameCharacter(int character) {
    return character == '_' || (character >= 0 && Character.isLetterOrDigit(character));
  }

  /** What stands behind {@code \k<} or {@code \k'}: a name, a number, or a relative number. */
  RegexNode takeReference(int from, int closing, boolean ignoreCase) {
    int sign = source.peek() == '-' || source.peek() == '+' ? source.next() : 0;
    if (source.peek() < '0' || source.peek() > '9') {
      int start = source.position();
      while (isNameCharacter(source.peek())) {
        source.next();
      }
      List<Integer> groups = names.getOrDefault(source.since(start), List.of());
      if (sign != 0 || groups.isEmpty() || !source.take(closing)) {
        throw source.refuse(from, "a back-reference to no group that begins before it");
      }
      List<Integer> lastFirst = new ArrayList<>(groups);
      Collections.reverse(lastFirst);
      return reference(lastFirst, ignoreCase);
    }
    int number = takeNumber();
    if (!source.take(closing)) {
      throw source.refuse(from, "a back-reference with a level");
    }
    return byNumber(
        from,
        switch (sign) {
          case '-' -> places.size() + 1 - number;
          case '+' -> (int) Math.min((long) places.size() + number, Integer.MAX_VALUE);
          default -> number;
        },
        ignoreCase);
  }

  int takeNumber() {
    long number = 0;
    while (source.peek() >= '0' && source.peek() <= '9') {
      number = Math.min(number * 10 + source.next() - '0', Integer.MAX_VALUE);
    }
    return (int) number;
  }

  RegexNode byNumber(int from, int number, boolean ignoreCase) {
    if (number <= 0) {
      throw source.refuse(from, "a back-reference to no group");
    }
    byNumber = byNumber < 0 ? from : byNumber;
    return reference(List.of(number), ignoreCase);
  }

  private RegexNode reference(List<Integer> groups, boolean ignoreCase) {
    referenced.addAll(groups);
    int least = groups.stream().mapToInt(g -> leastLengths.getOrDefault(g, 0)).min().orElse(0);
    return new RegexNode.BackReference(groups, ignoreCase, least);
  }

  /**
   * The whole regex with those groups alone that a back-reference asks for.
   *
   * @throws IllegalArgumentException where a back-reference has no group, or its group stands where
   *     Oniguruma has rules of its own
   */
  RegexNode withReferencedAlone(RegexNode root) {
    if (byNumber >= 0 && !names.isEmpty()) {
      throw source.refuse(byNumber, "a back-reference by number beside groups with names");
    }
    for (int group : referenced) {
      if (group > places.size()) {
        throw source.refuse(byNumber, "a back-reference to no group");
      }
    }
    return rebuilt(root);
  }

  private RegexNode rebuilt(RegexNode node) {
    if (node instanceof RegexNode.Capture capture) {
      RegexNode body = rebuilt(capture.body());
      return referenced.contains(capture.group())
          ? new RegexNode.Capture(capture.group(), body)
          : body;
    } else if (node instanceof RegexNode.Concat concat) {
      return new RegexNode.Concat(concat.parts().stream().map(this::rebuilt).toList());
    } else if (node instanceof RegexNode.Alternation alternation) {
      return new RegexNode.Alternation(alternation.choices().stream().map(this::rebuilt).toList());
    } else if (node instanceof RegexNode.Repeat repeat) {
      RegexNode body = rebuilt(repeat.body());
      if (repeat.max() > 1 && body.minLength() == 0) {
        refuseCapture(body, "a group in a loop whose turn may be empty");
      }
      return new RegexNode.Repeat(body, repeat.min(), repeat.max(), repeat.mode());
    } else if (node instanceof RegexNode.Atomic atomic) {
      return new RegexNode.Atomic(rebuilt(atomic.body()));
    } else if (node instanceof RegexNode.Look look) {
      RegexNode body = rebuilt(look.body());
      if (!look.ahead()) {
        refuseCapture(body, "a group in a look-behind");
      }
      return new RegexNode.Look(body, look.ahead(), look.negative());
    }
    return node;
  }

  /** Refuses a group within {@code node}, since a back-reference asks for it. */
  private void refuseCapture(RegexNode node, String what) {
    node.forEach(
        inner -> {
          if (inner instanceof RegexNode.Capture capture) {
            throw source.refuse(
                places.get(capture.group() - 1), what + ", with a back-reference to it,");
          }
        });
  }
}
