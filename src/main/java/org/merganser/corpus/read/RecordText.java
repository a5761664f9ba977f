package org.merganser.corpus.read;

import org.jspecify.annotations.Nullable;
import org.merganser.binary.ByteBuilder;
import org.merganser.corpus.Segments;
import org.merganser.corpus.field.SegmentTexts;

/**
 * The text of a record, {@code bytes[from, to)}.
 *
 * @param segments of the text; null if it has none
 */
record RecordText(byte[] bytes, int from, int to, @Nullable Segments segments) {
  /** A text without segments. */
  static RecordText of(byte[] bytes, int from, int to) {
    return new RecordText(bytes, from, to, null);
  }

  /** The content of a builder; valid until that changes. */
  static RecordText of(ByteBuilder text) {
    return of(text.bytes(), 0, text.length());
  }

  /** A text with its segments; valid until these change. */
  static RecordText of(SegmentTexts texts) {
    ByteBuilder text = texts.text();
    return new RecordText(text.bytes(), 0, text.length(), texts.segments());
  }

  /** The bytes of the text. */
  int length() {
    return to - from;
  }
}
