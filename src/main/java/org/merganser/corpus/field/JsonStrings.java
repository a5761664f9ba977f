package org.merganser.corpus.field;

import org.jspecify.annotations.Nullable;
import org.merganser.binary.ByteBuilder;

/** Joins the strings of a list, {@code ["…", "…"]}, with line feeds. Not thread-safe. */
public final class JsonStrings extends JsonGrammar {
  /**
   * @param replacing whether an escaped half of a surrogate pair becomes U+FFFD
   */
  public JsonStrings(boolean replacing) {
    super(replacing);
  }

  /**
   * Appends the strings of a list whose grammar {@link JsonRecord} has checked.
   *
   * @param from the opening bracket; {@code end} is after the closing one
   * @param into receives the strings; those before an element that is none, if there is one
   * @return null, or what is wrong with the list, for a person
   */
  public @Nullable String read(byte[] list, int from, int end, ByteBuilder into) {
    this.json = list;
    this.to = end;
    texts.clear();
    try {
      int p = space(from + 1);
      for (int n = 0; at(p) != ']'; n++) {
        if (at(p) != '"') {
          return "its element " + n + " is " + JsonRecord.kind(at(p)) + ", not a string";
        }
        if (n > 0) {
          into.append((byte) '\n');
        }
        int text = texts.length();
        int close = string(p + 1);
        if (lastEscaped) {
          into.append(texts.bytes(), text, texts.length());
        } else {
          into.append(list, p + 1, close);
        }
        p = space(close + 1);
        if (at(p) == ',') {
          p = space(p + 1);
        }
      }
      return null;
    } catch (Malformed e) {
      throw new IllegalStateException("the grammar was checked before", e);
    }
  }
}
