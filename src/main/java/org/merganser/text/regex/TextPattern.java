package org.merganser.text.regex;

/** What Split and Replace look for: a literal string or an Oniguruma regular expression. */
public sealed interface TextPattern {
  record Literal(String text) implements TextPattern {}

  record Regex(String regex) implements TextPattern {
    /**
     * Whether the general regex path searches for this by backtracking, since no automaton over
     * characters expresses it: some times slower, and not in time proportional to the text.
     *
     * @throws IllegalArgumentException naming a construct that is not reproduced exactly
     */
    public boolean backtracks() {
      return CompiledRegex.of(regex).backtracks();
    }
  }
}
