package org.merganser.text.regex;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.merganser.text.regex.RegexMatcher.FirstBytes;
import org.merganser.text.regex.parse.RegexNode;
import org.merganser.text.regex.parse.RegexParser;

/**
 * A compiled regular expression: an {@link Nfa} if one can express it, else the states for a {@link
 * BacktrackingMatcher}. Immutable; recent ones are cached and shared by all threads.
 *
 * @param mayMatchEmpty whether a match may be empty
 * @param mayMatchEmptyAtStart whether a match may be empty at the beginning of a text
 * @param maxLength the maximum number of characters of a match, or {@link RegexNode#UNBOUNDED}
 * @param matchers builds a matcher for one thread
 */
record CompiledRegex(
    boolean mayMatchEmpty,
    boolean mayMatchEmptyAtStart,
    int maxLength,
    Supplier<RegexMatcher> matchers) {
  /** The number of cached regexes: a tokenizer has a few, and each may take some megabytes. */
  private static final int KEPT = 8;

  /** The cached regexes in the order of their last use; the least recently used one is removed. */
  private static final Map<String, CompiledRegex> LATEST =
      new LinkedHashMap<>(2 * KEPT, 0.75f, /* accessOrder= */ true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, CompiledRegex> eldest) {
          return size() > KEPT;
        }
      };

  /**
   * The compiled form of a regex.
   *
   * @throws IllegalArgumentException naming the construct that isn't supported, and its place
   */
  static CompiledRegex of(String regex) {
    synchronized (LATEST) {
      CompiledRegex known = LATEST.get(regex);
      if (known == null) {
        known = compile(regex);
        LATEST.put(regex, known);
      }
      return known;
    }
  }

  /** Compiles a regex without a look at the cache. */
  private static CompiledRegex compile(String regex) {
    RegexNode root = RegexParser.parse(regex);
    RegexStates built = new RegexStates(regex, root);
    Supplier<RegexMatcher> matchers =
        Nfa.of(built, root)
            .map(CompiledRegex::dfaMatchers)
            .orElseGet(() -> backtrackingMatchers(regex, built, new FirstBytes(root)));
    return new CompiledRegex(
        root.minLength() == 0, root.mayMatchEmptyAtStart(), root.maxLength(), matchers);
  }

  private static Supplier<RegexMatcher> dfaMatchers(Nfa nfa) {
    return () -> new DfaMatcher(nfa, LazyDfa.MAX_SIZE);
  }

  private static Supplier<RegexMatcher> backtrackingMatchers(
      String regex, RegexStates built, FirstBytes firstBytes) {
    return () -> new BacktrackingMatcher(regex, built, firstBytes, BacktrackingMatcher.TEXT_STEPS);
  }

  /** A new matcher for one thread: a {@link DfaMatcher} if an NFA expresses the regex. */
  RegexMatcher newMatcher() {
    return matchers.get();
  }
}
