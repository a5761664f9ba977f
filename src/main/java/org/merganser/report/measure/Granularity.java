package org.merganser.report.measure;

/** Ways of cutting text whose vocabularies are counted piece by piece. */
public enum Granularity {
  /** Whole sentences. */
  SENTENCE,
  /** Words and other signs; white space is no token. */
  WORD,
  /** Characters (code points). */
  LETTER
}
