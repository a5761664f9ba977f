package org.merganser.tokenizer;

/** The treatment of a special token's text in the corpus. */
public enum SpecialText {
  TEXT,
  /** The special token, as in HF's default. */
  PARSE,
  REJECT
}
