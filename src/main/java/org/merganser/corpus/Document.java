package org.merganser.corpus;

import org.jspecify.annotations.Nullable;

/**
 * A document that a reader passes: {@code text[from, to)} is valid only until the handler returns.
 * One instance is reused for all documents of a range; {@code RecordSink} sets its fields.
 */
public final class Document {
  /** What a run does with a document. */
  public enum Selection {
    /** It is for training. */
    TRAINING,

    /**
     * Excluded from training by {@link InputFile#validation()}, {@link #split} or {@code
     * ValidationSplit}.
     */
    VALIDATION,

    /** Left out: an earlier document has the same text. See {@code DuplicateList}. */
    DUPLICATE,

    /** Left out: the job names its id. See {@code ExcludedIds}. */
    EXCLUDED,

    /** Left out: its record is one of a test split, {@link #split}. */
    TEST_SPLIT
  }

  /**
   * The value of the id field; without one {@code file#offset}, or {@code file} for a whole file.
   */
  public String id = "";

  /** {@link InputFile#path()} of its file. */
  public String file = "";

  /**
   * Where its record (in WARC, the block of its record) begins in the uncompressed file, in bytes;
   * in Parquet the index of its row.
   */
  public long offset;

  /** The number of the part of a cut document, else 0. */
  public int part;

  /** Whether this is the complete document, or its last part. */
  public boolean lastPart = true;

  /** {@link InputFile#validation()} of its file: whether it is excluded from training. */
  public boolean validationInput;

  /** The split that its record names; null if the job names no field of splits. */
  public @Nullable DatasetSplit split;

  /** The use of the document; set by {@code SelectedDocuments} if the job selects documents. */
  public Selection selection = Selection.TRAINING;

  /** The place of its id in {@code ExcludedIds}; has a meaning only if the id is excluded. */
  public int excludedPlace;

  /** The group by its record or its input; null if it has none. */
  public @Nullable String group;

  /** How many times the document counts when a vocabulary is learned. */
  public int weight = 1;

  /**
   * The values of {@link CorpusSettings#kept}, in that order: UTF-8 bytes, a Long, a Double, a
   * Boolean or null.
   */
  public @Nullable Object[] kept = new @Nullable Object[0];

  /** The segments of the text; null if it has none. A document with segments is not cut. */
  public @Nullable Segments segments;

  /** Holds the text, in UTF-8 unless the job allows other bytes; the array may be longer. */
  public byte[] text = new byte[0];

  /** Where the text begins in {@link #text}. */
  public int from;

  /** Where the text ends in {@link #text}. */
  public int to;

  /** The number of bytes of the text. */
  public int length() {
    return to - from;
  }

  /** The number of separately encoded parts of the text: its segments, or 1. */
  public int segmentCount() {
    return segments == null ? 1 : segments.count();
  }

  /** Where a segment ends in {@link #text}; the next one begins there. */
  public int segmentEnd(int segment) {
    return segments == null ? to : from + segments.end(segment);
  }

  /** Whether this is a complete document, and not a part of one. */
  public boolean isWhole() {
    return part == 0 && lastPart;
  }
}
