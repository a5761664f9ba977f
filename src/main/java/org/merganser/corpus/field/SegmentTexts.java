package org.merganser.corpus.field;

import org.merganser.corpus.Segments;
import org.merganser.text.unicode.ByteBuilder;
import org.merganser.text.unicode.Utf8;

/** The texts of the segments of one document, concatenated. Not thread-safe. */
public final class SegmentTexts {
  private final Segments segments = new Segments();
  private final ByteBuilder text = new ByteBuilder(1 << 10);
  private final ByteBuilder whole = new ByteBuilder(1 << 10);
  private int begin;
  private int illFormed;

  public void clear() {
    segments.clear();
    text.clear();
    begin = 0;
    illFormed = -1;
  }

  /** The texts of the document; append the next segment's text here before {@link #end}. */
  public ByteBuilder text() {
    return text;
  }

  /**
   * Ends a segment.
   *
   * @param loss whether a model is trained on it
   * @param replacing whether ill-formed parts become U+FFFD, in each segment separately
   */
  public void end(boolean loss, boolean replacing) {
    if (Utf8.firstIllFormed(text.bytes(), begin, text.length()) >= 0) {
      if (replacing) {
        whole.clear();
        Utf8.replaceIllFormed(text.bytes(), begin, text.length(), whole);
        text.setLength(begin);
        text.append(whole.bytes(), 0, whole.length());
      } else if (illFormed < 0) {
        illFormed = segments.count();
      }
    }
    begin = text.length();
    segments.add(begin, loss);
  }

  /** The segments of the document; overwritten for the next one. */
  public Segments segments() {
    return segments;
  }

  /** The first segment whose text is not UTF-8, or -1. Two such texts may form UTF-8 together. */
  public int illFormed() {
    return illFormed;
  }
}
