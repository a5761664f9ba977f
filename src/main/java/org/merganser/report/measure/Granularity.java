package org.merganser.report.measure;

/** Ways of cutting text whose vocabularies are counted piece by piece. */
public enum Granularity {
  /** Sentences by {@link Sentences}. */
  SENTENCE,
  /** Words and other signs, without white space. */
  WORD,
  /** Single characters, white space included. */
  LETTER
}
