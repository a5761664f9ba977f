package org.merganser.tokenizer.parts;

/** The versions of the tokenizer.json format. */
public enum FileVersion {
  /** What HF's library writes up to 0.23, and what transformers reads. */
  V1("1.0"),
  /** What HF's library reads from 1.0 on. */
  V2("2.0");

  private final String value;

  FileVersion(String value) {
    this.value = value;
  }

  /**
   * The version of a main number.
   *
   * @param number 1 or 2
   */
  public static FileVersion of(int number) {
    return switch (number) {
      case 1 -> V1;
      case 2 -> V2;
      default -> throw new IllegalArgumentException("version is " + number + "; it must be 1 or 2");
    };
  }

  /** The value of {@code $.version}. */
  public String value() {
    return value;
  }
}
