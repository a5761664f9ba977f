package org.merganser.text.regex;

/** Makes matchers from patterns. */
public final class TextMatchers {
  private TextMatchers() {}

  /**
   * @throws IllegalArgumentException naming a construct of a regex that isn't reproduced exactly
   */
  public static TextMatcher of(TextPattern pattern) {
    return pattern instanceof TextPattern.Literal literal
        ? new LiteralMatcher(literal.text())
        : CompiledRegex.of(((TextPattern.Regex) pattern).regex()).newMatcher();
  }

  /** Whether the pattern can match the empty string. */
  public static boolean matchesNothing(TextPattern pattern) {
    return pattern instanceof TextPattern.Literal literal
        ? literal.text().isEmpty()
        : CompiledRegex.of(((TextPattern.Regex) pattern).regex()).matchesNothing();
  }

  /** Whether the pattern can match the empty string at the beginning of a text. */
  public static boolean matchesNothingAtStart(TextPattern pattern) {
    return pattern instanceof TextPattern.Literal literal
        ? literal.text().isEmpty()
        : CompiledRegex.of(((TextPattern.Regex) pattern).regex()).matchesNothingAtStart();
  }
}
