package org.merganser.corpus.field;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a list of segments, {@code [{"text": "…", "loss": true}, …]}, from its bytes. Other fields
 * of a segment are ignored. Not thread-safe.
 */
public final class JsonSegments {
  private static final int TEXT = 0;
  private static final int LOSS = 1;

  /** Reads one segment of the list after another. */
  private final JsonRecord element;

  /**
   * @param replacing whether an escaped half of a surrogate pair becomes U+FFFD
   */
  public JsonSegments(boolean replacing) {
    List<FieldPath> paths = List.of(FieldPath.parse("text"), FieldPath.parse("loss"));
    this.element = new JsonRecord(paths, replacing ? paths.size() : 0);
  }

  /**
   * Reads a list whose grammar {@link JsonRecord} has checked.
   *
   * @param from the opening bracket; {@code to} is after the closing one
   * @param into receives the segments in place of its former ones
   * @return null, or what is wrong with the list, for a person
   */
  public @Nullable String read(byte[] json, int from, int to, SegmentTexts into) {
    into.clear();
    int p = from + 1;
    while (p < to) {
      p = element.parseFirst(json, p, to);
      if (p < 0) {
        break; // the closing bracket of an empty list is no value
      }
      String wrong = wrong();
      if (wrong != null) {
        return "segment " + into.segments().count() + " " + wrong;
      }
      element.append(TEXT, into.text());
      into.endSegment(json[element.start(LOSS)] == 't');
      p++; // the comma or the bracket
    }
    return into.segments().count() == 0 ? "the list of segments is empty" : null;
  }

  /** What is wrong with the segment that was read last; null if nothing is. */
  private @Nullable String wrong() {
    if (!element.isObject()) {
      return "is " + element.top() + ", not an object with text and loss";
    }
    if (element.kind(TEXT) != FieldValues.Kind.STRING) {
      return "has " + element.kind(TEXT) + " as its text, not a string";
    }
    if (element.kind(LOSS) != FieldValues.Kind.BOOLEAN) {
      return "has " + element.kind(LOSS) + " as its loss, not true or false";
    }
    return null;
  }
}
