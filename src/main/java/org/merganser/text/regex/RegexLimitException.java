package org.merganser.text.regex;

/**
 * A regular expression went back and forth over a text beyond any use; HF's engine gives up a tenth
 * of the way. The text can't be pre-tokenized.
 */
public final class RegexLimitException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  RegexLimitException(String message) {
    super(message);
  }
}
