package org.merganser.tokenizer;

/** The treatment of a special token's text in the corpus. */
public enum SpecialText {
  /** Ordinary text: a corpus cannot inject a control token. */
  TEXT,
  /** The special token, as in HF's default. */
  PARSE,
  REJECT
}
