package org.merganser.tokenizer;

/** A document contains the text of a special token, and the job rejects such documents. */
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

  public long offset() {
    return offset;
  }
}
