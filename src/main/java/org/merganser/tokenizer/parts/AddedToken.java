package org.merganser.tokenizer.parts;

/** An entry of {@code added_tokens}. */
public record AddedToken(
    int id,
    String content,
    boolean singleWord,
    boolean lstrip,
    boolean rstrip,
    boolean normalized,
    boolean special) {
  /** A special token with the options of HF's trainer. */
  public static AddedToken special(int id, String content) {
    return new AddedToken(id, content, false, false, false, false, true);
  }

  public AddedToken withId(int newId) {
    return new AddedToken(newId, content, singleWord, lstrip, rstrip, normalized, special);
  }

  AddedToken asSpecial() {
    return new AddedToken(id, content, singleWord, lstrip, rstrip, normalized, true);
  }
}
