package org.merganser.tokenizer;

/** What the text of a special token means when it occurs in the corpus. */
public enum SpecialText {
  /** Ordinary text: a corpus cannot inject a control token. */
  TEXT,
  /** The special token, as HF's default has it. */
  PARSE,
  /** The document is refused: a dead letter. */
  REJECT
}
