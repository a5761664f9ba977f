package org.merganser.corpus.field;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.text.unicode.ByteBuilder;
import org.merganser.text.unicode.Utf8;

public final class JsonTextField {
  private final String field;
  private final JsonRecord record;

  /**
   * @param field path of the field, such as {@code text} or {@code meta.body}
   */
  public JsonTextField(String field) {
    this.field = field;
    this.record = new JsonRecord(List.of(FieldPath.parse(field)), false);
  }

  /**
   * Appends the field's text.
   *
   * @return null, or the problem in the line, for a person; nothing was appended then
   */
  public @Nullable String read(byte[] line, int from, int to, ByteBuilder text) {
    if (!record.parse(line, from, to)) {
      return "is not JSON: " + record.error() + " at byte " + record.errorAt();
    }
    if (record.kind(0) != FieldValues.Kind.STRING) {
      return "has no text in \"" + field + "\"; expected {\"" + field + "\": \"…\"}";
    }
    int before = text.length();
    record.append(0, text);
    int bad = Utf8.firstIllFormed(text.bytes(), before, text.length());
    if (bad >= 0) {
      text.setLength(before);
      return "holds text that is not UTF-8 at byte " + (bad - before) + " of \"" + field + "\"";
    }
    return null;
  }
}
