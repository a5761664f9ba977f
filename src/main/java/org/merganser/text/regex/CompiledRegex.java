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
 */
record CompiledRegex(
    boolean matchesNothing,
    boolean matchesNothingAtStart,
    int maxLength,
    Supplier<RegexMatcher> matchers) {
  /** A tokenizer has a few regexes; each may take some megabytes. */
  private static final int KEPT = 8;

  private static final Map<String, CompiledRegex> LATEST =
      new LinkedHashMap<>(2 * KEPT, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, CompiledRegex> eldest) {
          return size() > KEPT;
        }
      };

  /**
   * @throws IllegalArgumentException naming the construct that isn't supported, and its place
   */
  static CompiledRegex of(String regex) {
    synchronized (LATEST) {
      CompiledRegex known = LATEST.get(regex);
      if (known == null) {
        known = compiled(regex);
        LATEST.put(regex, known);
      }
      return known;
    }
  }

  private static CompiledRegex compiled(String regex) {
    RegexNode root = RegexParser.parse(regex);
    NfaBuilder built = new NfaBuilder(regex, root);
    Supplier<RegexMatcher> matchers =
        Nfa.of(built, root)
            .<Supplier<RegexMatcher>>map(nfa -> () -> new DfaMatcher(nfa, LazyDfa.MAX_SIZE))
            .orElseGet(
                () -> {
                  FirstBytes firstBytes = new FirstBytes(root);
                  return () ->
                      new BacktrackingMatcher(
                          regex, built, firstBytes, BacktrackingMatcher.TEXT_STEPS);
                });
    return new CompiledRegex(
        root.minLength() == 0, root.mayBeEmptyAtStart(), root.maxLength(), matchers);
  }

  /** A new matcher for one thread: a {@link DfaMatcher} if an NFA expresses the regex. */
  RegexMatcher newMatcher() {
    return matchers.get();
  }
}
