package org.merganser.tokenizer.parts;

/**
 * An entry of {@code added_tokens}: a token that is cut out of the text before the model sees it.
 *
 * @param singleWord whether a match beside a letter, a digit or an underscore is text
 * @param lstrip whether the token takes the white space before it
 * @param rstrip whether the token takes the white space after it
 * @param normalized whether the token is searched in normalized text, and not in the raw text
 * @param special whether decoding may skip the token
 */
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

  /** The token with another id. */
  public AddedToken withId(int newId) {
    return new AddedToken(newId, content, singleWord, lstrip, rstrip, normalized, special);
  }

  /** The token with {@code special}. */
  AddedToken asSpecial() {
    return new AddedToken(id, content, singleWord, lstrip, rstrip, normalized, true);
  }
}
