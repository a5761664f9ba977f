package org.merganser.text.regex;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.OptBoolean;
import org.jspecify.annotations.Nullable;
import org.merganser.json.InvalidValueException;
import org.merganser.text.regex.parse.RegexNode;

/** The pattern of Split and Replace: a literal string or an Oniguruma regular expression. */
public sealed interface TextPattern {
  /** Reads {@code {"String": ...}} or {@code {"Regex": ...}}. */
  @JsonCreator
  static TextPattern of(
      @JsonProperty(value = "String", isRequired = OptBoolean.FALSE) @Nullable String text,
      @JsonProperty(value = "Regex", isRequired = OptBoolean.FALSE) @Nullable String regex) {
    if (text != null && regex == null) {
      return new Literal(text);
    } else if (regex != null && text == null) {
      return new Regex(regex);
    }
    throw InvalidValueException.mustBe("an object with either \"String\" or \"Regex\"");
  }

  /** A literal string. */
  record Literal(@JsonProperty("String") String text) implements TextPattern {
    @Override
    public TextMatcher newMatcher() {
      return new LiteralMatcher(text);
    }

    @Override
    public boolean mayMatchEmpty() {
      return text.isEmpty();
    }

    @Override
    public boolean mayMatchEmptyAtStart() {
      return text.isEmpty();
    }

    @Override
    public int maxLength() {
      return text.codePointCount(0, text.length());
    }
  }

  /** A regular expression in Oniguruma's syntax. */
  record Regex(@JsonProperty("Regex") String regex) implements TextPattern {
    @Override
    public TextMatcher newMatcher() {
      return CompiledRegex.of(regex).newMatcher();
    }

    @Override
    public boolean mayMatchEmpty() {
      return CompiledRegex.of(regex).mayMatchEmpty();
    }

    @Override
    public boolean mayMatchEmptyAtStart() {
      return CompiledRegex.of(regex).mayMatchEmptyAtStart();
    }

    @Override
    public int maxLength() {
      return CompiledRegex.of(regex).maxLength();
    }
  }

  /**
   * A matcher for one thread.
   *
   * @throws IllegalArgumentException naming a construct of a regex that is not reproduced exactly
   */
  TextMatcher newMatcher();

  /** Whether a match may be empty. */
  boolean mayMatchEmpty();

  /** Whether a match may be empty at the beginning of a text. */
  boolean mayMatchEmptyAtStart();

  /** The maximum number of characters of a match, or {@link RegexNode#UNBOUNDED}. */
  int maxLength();
}
