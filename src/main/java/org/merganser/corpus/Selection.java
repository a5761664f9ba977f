package org.merganser.corpus;

/** What a document is for. */
public enum Selection {
  TRAINING,

  /** Kept from training: by {@link InputFile#validation()}, or by {@link ValidationSplit}. */
  VALIDATION,

  /** Left out: an earlier document has the same text. See {@code DuplicateList}. */
  DUPLICATE,

  /** Left out: the job names its id. See {@code ExcludedIds}. */
  EXCLUDED
}
