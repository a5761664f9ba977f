package org.merganser.text;

/** Makes matchers from patterns. */
final class TextMatchers {
  private TextMatchers() {}

  /**
   * @throws IllegalArgumentException naming a construct of a regex that isn't reproduced exactly
   */
  static TextMatcher of(TextPattern pattern) {
    return pattern instanceof TextPattern.Literal literal
        ? new LiteralMatcher(literal.text())
        : RegexMatcher.of(((TextPattern.Regex) pattern).regex());
  }

  /** Whether the pattern can match the empty string. */
  static boolean matchesNothing(TextPattern pattern) {
    return pattern instanceof TextPattern.Literal literal
        ? literal.text().isEmpty()
        : RegexParser.parse(((TextPattern.Regex) pattern).regex()).minLength() == 0;
  }
}
