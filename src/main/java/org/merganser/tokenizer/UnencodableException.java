package org.merganser.tokenizer;

/**
 * A document contains a character (or byte) without a token, and the vocabulary has no unknown
 * token. HF's library drops it silently; Merganser refuses the document ({@link
 * CharacterCoverage}).
 */
public final class UnencodableException extends RuntimeException {
  private final String character;
  private final long offset;

  /**
   * A document with a character that has no token.
   *
   * @param character for messages, such as {@code U+00E9 "é"}
   * @param offset as {@link #offset()}
   */
  public UnencodableException(String character, long offset) {
    super(
        ("the vocabulary has no token for %s (at byte %s of the document or soon"
                + " after) and no unknown token (model.unk_token is absent, or model.vocab"
                + " does not hold it): encoding would lose it")
            .formatted(character, offset));
    this.character = character;
    this.offset = offset;
  }

  /** The character for messages, such as {@code U+00E9 "é"} or {@code byte 0xE9}. */
  public String character() {
    return character;
  }

  /**
   * The offset in bytes from the beginning of the document: that of the character or, if the text
   * was rewritten, that of the piece between added tokens that contains it.
   */
  public long offset() {
    return offset;
  }
}
