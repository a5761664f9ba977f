package org.merganser.corpus;

/** What a run does with a document. */
public enum Selection {
  TRAINING,

  /**
   * Excluded from training by {@link InputFile#validation()}, {@link Document#split} or {@link
   * ValidationSplit}.
   */
  VALIDATION,

  /** Left out: an earlier document has the same text. See {@code DuplicateList}. */
  DUPLICATE,

  /** Left out: the job names its id. See {@code ExcludedIds}. */
  EXCLUDED,

  /** Left out: its record is one of a test split, {@link Document#split}. */
  TEST_SPLIT
}
