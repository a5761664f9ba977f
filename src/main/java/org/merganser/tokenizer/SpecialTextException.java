package org.merganser.tokenizer;

/** A document holds the text of a special token, and the job rejects such documents. */
public final class SpecialTextException extends RuntimeException {
  private final String token;
  private final long offset;

  public SpecialTextException(String token, long offset) {
    super("the document holds the special token \"" + token + "\" at byte " + offset);
    this.token = token;
    this.offset = offset;
  }

  public String token() {
    return token;
  }

  /** The token's place in bytes from the beginning of the document. */
  public long offset() {
    return offset;
  }
}
