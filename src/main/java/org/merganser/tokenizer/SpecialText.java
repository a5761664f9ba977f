package org.merganser.tokenizer;

/** What the text of a special token in a document becomes; {@link PretokenPath} decides by it. */
public enum SpecialText {
  /** Ordinary text. */
  TEXT,
  /** The special token, as in HF's default. */
  PARSE,
  /** The document is refused with a {@link SpecialTextException}. */
  REJECT
}
