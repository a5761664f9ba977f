package org.merganser.text.regex;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.merganser.text.unicode.CodePointSet;

/**
 * What is proved about the place between two characters, whatever text stands before and behind
 * them: that the matches of a pattern before the place and those behind it are the same when the
 * text is cut there.
 *
 * <p>A search goes from the left to the right, each match from where the one before it ended. Let
 * {@code a} be the last character before a place and {@code b} the first one behind it. An attempt
 * that starts before the place arrives at it, if at all, in one of the states that the
 * deterministic automaton of {@link LazyDfa} can enter over {@code a}. {@link #isClean} asks that
 * from each of these states
 *
 * <ul>
 *   <li>no way goes on over {@code b}, so that no match spans the place; and
 *   <li>a match ends at the place before {@code b} exactly if one ends there before the end of the
 *       text. (For {@code \s+(?!\S)} that is not so behind white space. But where an alternative
 *       before it has matched, such as {@code \s*[\r\n]+} behind a newline, the state does not hold
 *       its way any more: the order of alternatives is part of the state.)
 * </ul>
 *
 * <p>Then all attempts that start before the place give in the whole text what they give in the
 * part before it. An attempt that starts behind the place sees characters before its start only
 * through conditions that look behind; {@link #isClean} asks that behind {@code a} and at the
 * beginning of a text the first step over {@code b} is the same, and later steps see nothing before
 * it. So the matches of the whole are those of both parts. Only a gap, which no match covers, may
 * span the place.
 *
 * <p>No gap spans it where a match certainly starts behind it ({@link #startsMatch}: after the
 * first step over {@code b} a match is found whatever follows), or ends before it ({@link
 * #endsMatch}: a match would certainly start at {@code a}, so that {@code a} lies in a match, which
 * a clean place ends).
 *
 * <p>There is no proof for what no {@link Nfa} expresses (back references, looks over several
 * characters, atomic groups and all that is new to it), for a pattern that matches nothing, and for
 * an automaton of too many states. Immutable.
 */
public final class CutProof {
  private final CharacterClasses classes;

  /** By class of the character before, then of the one behind. */
  private final BitSet[] clean;

  private final BitSet[] startsMatch;
  private final BitSet endsMatch = new BitSet();

  private CutProof(Nfa nfa, ReachableStates states) {
    classes = nfa.classes();
    clean = new BitSet[classes.count()];
    startsMatch = new BitSet[classes.count()];
    BitSet certain = states.certain();
    for (int a = 0; a < clean.length; a++) {
      clean[a] = new BitSet();
      startsMatch[a] = new BitSet();
      BitSet entered = states.enteredOver(a);
      int start = states.start(nfa.kind(a));
      int startOfText = states.start(nfa.firstKind());
      for (int b = 0; b < clean.length; b++) {
        int symbol = b;
        boolean sameStart =
            states.next(start, b) == states.next(startOfText, b)
                && states.ends(start, b) == states.ends(startOfText, b);
        boolean sameEnd =
            entered.stream()
                .allMatch(
                    state ->
                        states.next(state, symbol) == ReachableStates.DEAD
                            && states.ends(state, symbol) == states.ends(state, nfa.end()));
        clean[a].set(b, sameStart && sameEnd);
        startsMatch[a].set(b, certain.get(states.next(start, b)));
      }
      boolean always = true;
      for (int kind = 0; kind < nfa.kinds(); kind++) {
        always &= certain.get(states.next(states.start(kind), a));
      }
      endsMatch.set(a, always);
    }
  }

  /**
   * What is proved of a pattern; nothing where nothing is.
   *
   * @throws IllegalArgumentException naming a construct of a regex that isn't reproduced exactly
   */
  public static Optional<CutProof> of(TextPattern pattern) {
    if (pattern instanceof TextPattern.Regex regex) {
      return CompiledRegex.of(regex.regex()).cutProof();
    }
    String literal = ((TextPattern.Literal) pattern).text();
    List<RegexNode> characters = new ArrayList<>();
    literal.codePoints().forEach(c -> characters.add(new RegexNode.Char(c)));
    return of(new RegexNode.Concat(characters));
  }

  /** What is proved of a pattern that matches each character of a set alone. */
  public static Optional<CutProof> ofCharacters(CodePointSet set) {
    return of(new RegexNode.Set(set));
  }

  /** What is proved of a pattern that matches each run of characters of a set. */
  public static Optional<CutProof> ofRuns(CodePointSet set) {
    return of(run(set));
  }

  /** What is proved of a pattern that matches each run of characters of one of two sets. */
  public static Optional<CutProof> ofRuns(CodePointSet set, CodePointSet other) {
    return of(new RegexNode.Alternation(List.of(run(set), run(other))));
  }

  private static RegexNode run(CodePointSet set) {
    return new RegexNode.Repeat(
        new RegexNode.Set(set), 1, RegexNode.UNBOUNDED, RegexNode.Mode.GREEDY);
  }

  private static Optional<CutProof> of(RegexNode root) {
    return root.minLength() == 0 ? Optional.empty() : Nfa.of(root).flatMap(CutProof::of);
  }

  /** What is proved of a regex that does not match nothing. */
  static Optional<CutProof> of(Nfa nfa) {
    return ReachableStates.of(nfa).map(states -> new CutProof(nfa, states));
  }

  /** The number of a character's class: characters of one class are proved alike. */
  public int classOf(int codePoint) {
    return classes.of(codePoint);
  }

  /** Whether cutting between characters of these classes leaves all matches as they are. */
  public boolean isClean(int before, int behind) {
    return clean[before].get(behind);
  }

  /** Whether a match starts at every clean place between characters of these classes. */
  public boolean startsMatch(int before, int behind) {
    return startsMatch[before].get(behind);
  }

  /** Whether a match ends at every clean place behind a character of this class. */
  public boolean endsMatch(int before) {
    return endsMatch.get(before);
  }
}
