package org.merganser.tokenizer.json;

import org.merganser.text.regex.TextPattern;

/** The {@code pattern} of Split and Replace: {@code {"String": …}} or {@code {"Regex": …}}. */
final class PatternJson {
  private PatternJson() {}

  static TextPattern read(JsonValue pattern) {
    JsonValue literal = pattern.optional("String");
    JsonValue regex = pattern.optional("Regex");
    if ((literal == null) == (regex == null)) {
      throw pattern.wrong("an object with either \"String\" or \"Regex\"");
    }
    return literal != null
        ? new TextPattern.Literal(literal.string())
        : new TextPattern.Regex(pattern.required("Regex").string());
  }

  static void write(TextPattern pattern, JsonOutput out) {
    out.key("pattern").beginObject();
    if (pattern instanceof TextPattern.Literal literal) {
      out.member("String", literal.text());
    } else {
      out.member("Regex", ((TextPattern.Regex) pattern).regex());
    }
    out.endObject();
  }
}
