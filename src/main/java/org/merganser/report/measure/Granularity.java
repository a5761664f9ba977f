package org.merganser.report.measure;

/** Ways of cutting text whose vocabularies a {@link TextMeter} counts piece by piece. */
public enum Granularity {
  /** Sentences by {@link Sentences}. */
  SENTENCE,
  /** Words and other signs by {@link TextPieces}, without white space. */
  WORD,
  /** Single characters, white space included. */
  LETTER
}
