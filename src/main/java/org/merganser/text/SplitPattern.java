package org.merganser.text;

/** The split patterns of the known model families, each with its hand-written scanner. */
public enum SplitPattern {
  GPT2,
  CL100K,
  QWEN2;

  /** The pattern as it stands in a family's tokenizer.json, after JSON decoding. */
  public String regex() {
    throw new UnsupportedOperationException("interface only");
  }

  public PretokenScanner scanner() {
    throw new UnsupportedOperationException("interface only");
  }
}
