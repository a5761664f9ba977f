package org.merganser.text;

/** Makes matchers from patterns. */
final class TextMatchers {
  private TextMatchers() {}

  static TextMatcher of(TextPattern pattern) {
    if (pattern instanceof TextPattern.Literal literal) {
      return new LiteralMatcher(literal.text());
    }
    return regex(((TextPattern.Regex) pattern).regex());
  }

  private static TextMatcher regex(String regex) {
    throw new IllegalArgumentException("regex not supported yet: " + regex);
  }

  /** Whether the pattern can match the empty string. */
  static boolean matchesNothing(TextPattern pattern) {
    if (pattern instanceof TextPattern.Literal literal) {
      return literal.text().isEmpty();
    }
    return true;
  }
}
