package org.merganser.text.regex;

import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.merganser.text.regex.RegexMatcher.FirstBytes;
import org.merganser.text.regex.RegexState.Operation;
import org.merganser.text.regex.parse.AdjacentCondition;
import org.merganser.text.regex.parse.RegexNode;
import org.merganser.text.unicode.CodePointSet;
import org.merganser.text.unicode.CodePoints;

/**
 * A regular expression as a nondeterministic automaton over characters. The transitions of a state
 * are in the order in which a backtracking matcher tries them.
 *
 * <p>A character counts only by its symbol, which is its class, or {@link #end()} for the end of
 * the text. The preceding character counts only by its kind, which decides the conditions that look
 * behind.
 *
 * <p>An NFA expresses characters, sequences, alternatives, repeats, anchors and looks over one
 * character. A possessive repeat of one character is a greedy one that ends only before a character
 * that it cannot consume. Other looks, atomic groups, and regexes with thousands of states or more
 * {@link CharacterClasses} than a byte numbers cannot be expressed. Immutable and thread-safe.
 */
final class Nfa {
  /** The maximum number of states; larger automata are slow to build. */
  private static final int MAX_STATES = 4096;

  private final RegexState[] states;

  /** The number of the state in which a match starts. */
  private final int start;

  private final FirstBytes firstBytes;
  private final CharacterClasses classes;

  /** By set and symbol, whether the set has the character. */
  private final boolean[][] consumes;

  /** By condition and {@code kind * symbols() + next symbol}, whether the condition holds. */
  private final boolean[][] holds;

  /** By class, its kind. */
  private final byte[] kindOf;

  /** The number of kinds. */
  private final int kinds;

  /** The kind at the beginning of a text. */
  private final int firstKind;

  /**
   * Numbers the kinds of preceding characters: two classes are of one kind if the same sets that
   * look behind contain them. Without conditions that look behind all characters, and the beginning
   * of a text, are of kind 0.
   */
  private Nfa(RegexStates built, CharacterClasses classes, FirstBytes firstBytes) {
    this.firstBytes = firstBytes;
    this.classes = classes;
    states = built.states().toArray(new RegexState[0]);
    start = built.start();
    List<CodePointSet> setsBehind = setsBehind(built.conditions());
    Map<BitSet, Integer> kindNumbers = new HashMap<>();
    kindOf = new byte[classes.count()];
    int[] exampleOfKind = new int[classes.count() + 1];
    for (int c = classes.count() - 1; c >= 0; c--) {
      BitSet containing = containing(setsBehind, classes.example(c));
      kindNumbers.putIfAbsent(containing, kindNumbers.size());
      kindOf[c] = (byte) (int) kindNumbers.get(containing);
      exampleOfKind[kindOf[c] & 0xFF] = classes.example(c);
    }
    boolean looksBehind = built.conditions().stream().anyMatch(AdjacentCondition::testsPrevious);
    firstKind = looksBehind ? kindNumbers.size() : 0;
    kinds = kindNumbers.size() + (looksBehind ? 1 : 0);
    if (looksBehind) {
      exampleOfKind[firstKind] = AdjacentCondition.NONE;
    }
    consumes = consumesTable(built.sets());
    holds = holdsTable(built.conditions(), exampleOfKind);
  }

  /**
   * The automaton of a regex; empty if an NFA cannot express it.
   *
   * @param built the states of {@code root}
   */
  static Optional<Nfa> of(RegexStates built, RegexNode root) {
    if (built.states().size() > MAX_STATES || built.states().stream().anyMatch(Nfa::hasOwnBody)) {
      return Optional.empty();
    }
    return CharacterClasses.of(built.allSets())
        .map(classes -> new Nfa(built, classes, new FirstBytes(root)));
  }

  /** Whether a state runs a body of its own, which an NFA cannot. */
  private static boolean hasOwnBody(RegexState state) {
    return state.operation() == Operation.ATOMIC || state.operation() == Operation.AROUND;
  }

  /** The number of states. */
  int size() {
    return states.length;
  }

  /** The state of a number. */
  RegexState state(int number) {
    return states[number];
  }

  /** The number of the state in which a match starts. */
  int start() {
    return start;
  }

  /** The bytes with which a match may begin. */
  FirstBytes firstBytes() {
    return firstBytes;
  }

  /** The classes of characters, which are the symbols except {@link #end()}. */
  CharacterClasses classes() {
    return classes;
  }

  /** The symbol of the end of the text. */
  int end() {
    return classes.count();
  }

  /** The number of symbols: the classes and {@link #end()}. */
  int symbols() {
    return classes.count() + 1;
  }

  /** The number of kinds. */
  int kinds() {
    return kinds;
  }

  /** The symbol at a place of the text that ends at {@code to}. */
  int symbol(byte[] text, int at, int to) {
    return at == to ? end() : classes.classAt(text, at);
  }

  /** The kind of the character before a place of the text that begins at {@code from}. */
  int kindBefore(byte[] text, int from, int at) {
    if (kinds == 1) {
      return 0;
    }
    return at == from ? firstKind : kind(classes.classAt(text, CodePoints.before(text, at)));
  }

  /** The kind of a class of characters. */
  int kind(int characterClass) {
    return kindOf[characterClass] & 0xFF;
  }

  /** Whether a state of {@link Operation#CHARACTER} consumes a symbol. */
  boolean consumes(RegexState character, int symbol) {
    return consumes[character.argument()][symbol];
  }

  /** Whether a state of {@link Operation#TEST} holds between a kind and the next symbol. */
  boolean holds(RegexState test, int kind, int next) {
    return holds[test.argument()][kind * symbols() + next];
  }

  /** The sets that conditions test for the preceding character. */
  private static List<CodePointSet> setsBehind(List<AdjacentCondition> conditions) {
    return conditions.stream()
        .filter(AdjacentCondition::testsPrevious)
        .flatMap(condition -> condition.sets().stream())
        .distinct()
        .toList();
  }

  /** The numbers of the sets that contain a code point. */
  private static BitSet containing(List<CodePointSet> sets, int codePoint) {
    BitSet containing = new BitSet();
    for (int i = 0; i < sets.size(); i++) {
      containing.set(i, sets.get(i).contains(codePoint));
    }
    return containing;
  }

  /** Computes {@link #consumes}. */
  private boolean[][] consumesTable(List<CodePointSet> sets) {
    boolean[][] table = new boolean[sets.size()][symbols()];
    for (int set = 0; set < table.length; set++) {
      for (int c = 0; c < classes.count(); c++) {
        table[set][c] = sets.get(set).contains(classes.example(c));
      }
    }
    return table;
  }

  /**
   * Computes {@link #holds}.
   *
   * @param exampleOfKind by kind, a character of it, or {@link AdjacentCondition#NONE}
   */
  private boolean[][] holdsTable(List<AdjacentCondition> conditions, int[] exampleOfKind) {
    boolean[][] table = new boolean[conditions.size()][kinds * symbols()];
    for (int test = 0; test < table.length; test++) {
      for (int kind = 0; kind < kinds; kind++) {
        for (int next = 0; next < symbols(); next++) {
          int nextExample = next == end() ? AdjacentCondition.NONE : classes.example(next);
          table[test][kind * symbols() + next] =
              conditions.get(test).predicate().holds(exampleOfKind[kind], nextExample);
        }
      }
    }
    return table;
  }
}
