package org.merganser.tokenizer;

/** A document contains the text of a special token, and such documents are rejected. */
public final class SpecialTextException extends RuntimeException {
  private final String token;
  private final long offset;

  /**
   * A document with a special token.
   *
   * @param token the text of the special token
   * @param offset of the token, in bytes from the beginning of the document
   */
  public SpecialTextException(String token, long offset) {
    super("the document holds the special token \"" + token + "\" at byte " + offset);
    this.token = token;
    this.offset = offset;
  }

  /** The special token's text. */
  public String token() {
    return token;
  }

  /** The offset of the token, in bytes from the beginning of the document. */
  public long offset() {
    return offset;
  }
}
