package org.merganser.text.regex;

/**
 * A regular expression backtracked over a text beyond the limit of a {@link BacktrackingMatcher}.
 * The text cannot be pre-tokenized.
 */
public final class RegexLimitException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  RegexLimitException(String message) {
    super(message);
  }
}
