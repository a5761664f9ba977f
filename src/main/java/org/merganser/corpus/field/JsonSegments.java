package org.merganser.corpus.field;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.Segments;
import org.merganser.text.unicode.ByteBuilder;
import org.merganser.text.unicode.Utf8;

/**
 * Reads a list of segments, {@code [{"text": "…", "loss": true}, …]}, from its bytes. Other fields
 * of a segment are passed over. For one thread.
 */
public final class JsonSegments {
  private static final int TEXT = 0;
  private static final int LOSS = 1;

  private final JsonRecord element =
      new JsonRecord(List.of(FieldPath.parse("text"), FieldPath.parse("loss")));
  private final Segments segments = new Segments();
  private final ByteBuilder whole = new ByteBuilder(1 << 10);
  private int illFormed;

  /** What was read last; overwritten by the next list. */
  public Segments segments() {
    return segments;
  }

  /**
   * The first segment whose text is not UTF-8; -1: none. A text that is not UTF-8 may become so
   * where the next one follows it.
   */
  public int illFormed() {
    return illFormed;
  }

  /**
   * Appends the texts of the segments in {@code json[from, to)}, a list that {@link JsonRecord} has
   * found.
   *
   * @param replacing whether what is not UTF-8 becomes U+FFFD, in each segment by itself
   * @return what is wrong with the list, for a person; null: nothing
   */
  public @Nullable String read(byte[] json, int from, int to, boolean replacing, ByteBuilder text) {
    segments.clear();
    illFormed = -1;
    int begin = text.length();
    int p = from + 1;
    while (p < to) {
      p = element.parseFirst(json, p, to);
      if (p < 0) {
        break; // an empty list: the grammar of any other was checked
      }
      String wrong = wrong();
      if (wrong != null) {
        return "segment " + segments.count() + " " + wrong;
      }
      append(replacing, text);
      segments.add(text.length() - begin, json[element.start(LOSS)] == 't');
      p++; // the comma or the bracket
    }
    return segments.count() == 0 ? "the list of segments is empty" : null;
  }

  private @Nullable String wrong() {
    if (!element.isObject()) {
      return "is " + named(element.top()) + ", not an object with text and loss";
    }
    if (element.kind(TEXT) != FieldValues.Kind.STRING) {
      return "has " + named(element.kind(TEXT)) + " as its text, not a string";
    }
    if (element.kind(LOSS) != FieldValues.Kind.BOOLEAN) {
      return "has " + named(element.kind(LOSS)) + " as its loss, not true or false";
    }
    return null;
  }

  private static String named(FieldValues.Kind kind) {
    return switch (kind) {
      case MISSING -> "nothing";
      case NULL -> "null";
      case OBJECT -> "an object";
      case ARRAY -> "a list";
      case STRING -> "a string";
      case NUMBER -> "a number";
      case BOOLEAN -> "a boolean";
    };
  }

  private void append(boolean replacing, ByteBuilder text) {
    int begin = text.length();
    element.append(TEXT, replacing, text);
    if (Utf8.firstIllFormed(text.bytes(), begin, text.length()) < 0) {
      return;
    }
    if (replacing) {
      whole.clear();
      Utf8.replaceIllFormed(text.bytes(), begin, text.length(), whole);
      text.setLength(begin);
      text.append(whole.bytes(), 0, whole.length());
    } else if (illFormed < 0) {
      illFormed = segments.count();
    }
  }
}
