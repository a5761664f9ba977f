package org.merganser.report.measure;

/** Ways of cutting text whose vocabularies are counted piece by piece. */
public enum Granularity {
  /** Whole sentences. */
  SENTENCE('s'),
  /** Words and other signs; white space is no token. */
  WORD('w'),
  /** Characters (code points). */
  LETTER('l');

  private final byte key;

  Granularity(char key) {
    this.key = (byte) key;
  }

  /** The byte that pieces of this kind begin with in a table of counts. */
  byte key() {
    return key;
  }
}
