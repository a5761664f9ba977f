package org.merganser.tokenizer;

/**
 * A document holds a character (or byte) for which the vocabulary has no token and no unknown
 * token. HF's library drops it silently; Merganser loses nothing.
 */
public final class UnencodableException extends RuntimeException {
  private final String character;
  private final long offset;

  public UnencodableException(String character, long offset) {
    super(
        ("the vocabulary has no token for %s (at byte %s of the document or soon"
                + " after) and no unknown token (model.unk_token is absent, or model.vocab"
                + " does not hold it): encoding would lose it")
            .formatted(character, offset));
    this.character = character;
    this.offset = offset;
  }

  /** The character or byte, spelled for people: {@code U+00E9 "é"} or {@code byte 0xF1}. */
  public String character() {
    return character;
  }

  /**
   * The offset in bytes from the beginning of the document: of the character or, where a normalizer
   * or pre-tokenizer rewrote the text, of the piece between added tokens that holds it.
   */
  public long offset() {
    return offset;
  }
}
