package org.merganser.text.regex;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A regular expression made ready for searching: as an {@link Nfa} where one expresses it, else as
 * a {@link RegexProgram}. Immutable; the latest ones are kept, so that a thread needn't compile
 * what another one has.
 */
final class CompiledRegex {
  /** A tokenizer has a few; one may take some megabytes. */
  private static final int KEPT = 8;

  private static final Map<String, CompiledRegex> LATEST =
      new LinkedHashMap<>(2 * KEPT, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, CompiledRegex> eldest) {
          return size() > KEPT;
        }
      };

  private final boolean matchesNothing;
  private final boolean matchesNothingAtStart;
  private final @Nullable Nfa nfa;
  private final @Nullable RegexProgram program;

  private CompiledRegex(String regex) {
    RegexNode root = RegexParser.parse(regex);
    matchesNothing = root.minLength() == 0;
    matchesNothingAtStart = root.mayBeEmptyAtStart();
    Optional<Nfa> expressed = Nfa.of(root);
    nfa = expressed.orElse(null);
    program = expressed.isPresent() ? null : RegexProgram.compile(regex, root);
  }

  /**
   * @throws IllegalArgumentException naming the construct that isn't supported, and its place
   */
  static CompiledRegex of(String regex) {
    synchronized (LATEST) {
      CompiledRegex known = LATEST.get(regex);
      if (known == null) {
        known = new CompiledRegex(regex);
        LATEST.put(regex, known);
      }
      return known;
    }
  }

  /** Whether this can match the empty string. */
  boolean matchesNothing() {
    return matchesNothing;
  }

  /** Whether this can match the empty string at the beginning of a text. */
  boolean matchesNothingAtStart() {
    return matchesNothingAtStart;
  }

  /** Whether no NFA expresses this. */
  boolean backtracks() {
    return nfa == null;
  }

  /** A new matcher, for one thread: a {@link DfaMatcher} where an NFA expresses the regex. */
  RegexMatcher newMatcher() {
    if (nfa != null) {
      return new DfaMatcher(nfa);
    }
    if (program == null) {
      throw new IllegalStateException("neither an NFA nor a program");
    }
    return new BacktrackingMatcher(program);
  }
}
