package org.merganser.corpus;

import org.jspecify.annotations.Nullable;

/**
 * A document as a reader lends it: {@code text[from, to)} holds only until the handler returns. One
 * instance is reused for all documents of a unit.
 */
public final class Document {
  public String id = "";

  /** The path of its file, as in {@link InputFile#path()}. */
  public String file = "";

  /** Where its record begins in the (uncompressed) file, in bytes. */
  public long offset;

  /** 0, or the number of the part of a document that was cut. */
  public int part;

  /** Whether this is all of the document, or the part that ends it. */
  public boolean lastPart = true;

  /** Whether it is of a file that nothing is learned from: {@link InputFile#validation()}. */
  public boolean validationInput;

  /** What the document is for; {@code SelectedDocuments} sets it, where there is a choice. */
  public Selection selection = Selection.TRAINING;

  /** The place of its id in the list of excluded ids; set where {@link #selection} is EXCLUDED. */
  public int excludedPlace;

  public @Nullable String group;

  /** How often the document counts when a vocabulary is learned. */
  public int weight = 1;

  /**
   * Values of the fields that the shards keep, in their order: UTF-8 bytes, a Long, a Double, a
   * Boolean or null.
   */
  public @Nullable Object[] kept = new @Nullable Object[0];

  /** The segments of the text; null where it has none. A document with segments is not cut. */
  public @Nullable Segments segments;

  public byte[] text = new byte[0];
  public int from;
  public int to;

  public int length() {
    return to - from;
  }

  /** How many parts of the text are encoded separately: its segments, or 1 for the whole text. */
  public int segmentCount() {
    return segments == null ? 1 : segments.count();
  }

  /** Where a segment ends in {@link #text}; the next one begins there. */
  public int segmentEnd(int segment) {
    return segments == null ? to : from + segments.end(segment);
  }

  /** Whether this is all of the document. */
  public boolean isWhole() {
    return part == 0 && lastPart;
  }
}
