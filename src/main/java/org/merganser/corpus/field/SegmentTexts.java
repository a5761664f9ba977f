package org.merganser.corpus.field;

import org.jspecify.annotations.Nullable;
import org.merganser.binary.ByteBuilder;
import org.merganser.corpus.InvalidUtf8;
import org.merganser.corpus.Segments;

/** The texts of the segments of one document, concatenated. Not thread-safe. */
public final class SegmentTexts {
  private final Segments segments = new Segments();
  private final ByteBuilder text = new ByteBuilder(1 << 10);

  /** The text of a segment whose ill-formed parts were replaced. */
  private final ByteBuilder replaced = new ByteBuilder(1 << 10);

  private final InvalidUtf8 invalidUtf8;

  /** Where the open segment begins in {@link #text}. */
  private int begin;

  /** As {@link #notUtf8()}. */
  private @Nullable String notUtf8;

  /**
   * @param invalidUtf8 is applied to each segment separately; a refused one is {@link #notUtf8}
   */
  public SegmentTexts(InvalidUtf8 invalidUtf8) {
    this.invalidUtf8 = invalidUtf8;
  }

  /** Removes all segments, for the next document. */
  public void clear() {
    segments.clear();
    text.clear();
    begin = 0;
    notUtf8 = null;
  }

  /**
   * The texts of the document. A reader appends the text of a segment here, then calls {@link
   * #endSegment}.
   */
  public ByteBuilder text() {
    return text;
  }

  /**
   * Ends a segment: its text is what was appended to {@link #text} since the segment before.
   * Ill-formed parts of it are replaced if the job wants that.
   *
   * @param loss whether a model is trained on it
   */
  public void endSegment(boolean loss) {
    if (invalidUtf8.replace(text.bytes(), begin, text.length(), replaced)) {
      text.setLength(begin);
      text.append(replaced.bytes(), 0, replaced.length());
    } else if (notUtf8 == null
        && invalidUtf8.firstRefused(text.bytes(), begin, text.length()) >= 0) {
      notUtf8 = "segment " + segments.count() + " is not UTF-8";
    }
    begin = text.length();
    segments.add(begin, loss);
  }

  /** The segments of the document; overwritten for the next one. */
  public Segments segments() {
    return segments;
  }

  /**
   * The problem of the first segment whose text is not UTF-8, or null. The joined text does not
   * show it: the end of one segment and the beginning of the next may form UTF-8.
   */
  public @Nullable String notUtf8() {
    return notUtf8;
  }
}
