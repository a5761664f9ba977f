package org.merganser.text;

/** What Split and Replace look for: a literal string or an Oniguruma regular expression. */
public sealed interface TextPattern {
  record Literal(String text) implements TextPattern {}

  record Regex(String regex) implements TextPattern {}
}
