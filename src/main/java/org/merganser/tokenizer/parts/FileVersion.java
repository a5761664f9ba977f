package org.merganser.tokenizer.parts;

/** The versions of the tokenizer.json format. */
public enum FileVersion {
  /** What HF's library writes up to 0.23, and what transformers reads. */
  V1("1.0"),
  /** What HF's library reads from 1.0 on. */
  V2("2.0");

  private final String member;

  FileVersion(String member) {
    this.member = member;
  }

  /** The version 1 or 2. */
  public static FileVersion of(int number) {
    return values()[number - 1];
  }

  /** The value of {@code $.version}. */
  public String member() {
    return member;
  }
}
