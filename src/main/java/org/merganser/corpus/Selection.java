package org.merganser.corpus;

import org.merganser.corpus.select.DuplicateList;

/** What a document is for. */
public enum Selection {
  TRAINING,

  /** Kept from training: see {@link ValidationSplit}. */
  VALIDATION,

  /** Left out: an earlier document has the same text. See {@link DuplicateList}. */
  DUPLICATE
}
