package org.merganser.tokenizer.parts;

/**
 * An entry of {@code added_tokens}: a token that is cut out of the text before the model sees it.
 *
 * @param id −1 if it has none yet; HF assigns its own where they differ ({@link AddedVocabulary})
 * @param content the text of the token
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
    boolean singleWord = false;
    boolean lstrip = false;
    boolean rstrip = false;
    boolean normalized = false;
    boolean special = true;
    return new AddedToken(id, content, singleWord, lstrip, rstrip, normalized, special);
  }

  /** This token with another id. */
  public AddedToken withId(int newId) {
    return new AddedToken(newId, content, singleWord, lstrip, rstrip, normalized, special);
  }

  /** This token as a special one. */
  AddedToken asSpecial() {
    boolean isSpecial = true;
    return new AddedToken(id, content, singleWord, lstrip, rstrip, normalized, isSpecial);
  }
}
