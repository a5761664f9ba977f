package org.merganser.layout;

/**
 * The bytes of a number in a file of plain numbers. Ids have 2 or 4 bytes; each layout knows up to
 * which vocabulary its readers take 2. Masks and lengths can have another width.
 */
public enum IdWidth {
  UINT8(1),
  UINT16(2),
  INT32(4);

  /** The bound of the vocabularies whose ids all fit into 16 bits. */
  public static final int UINT16_BOUND = 1 << 16;

  private final int bytes;

  IdWidth(int bytes) {
    this.bytes = bytes;
  }

  public int bytes() {
    return bytes;
  }

  /**
   * For ids below {@code bound}, where readers take 16 bits up to {@code uint16Bound}; each layout
   * says what its readers take.
   */
  public static IdWidth of(int bound, int uint16Bound) {
    return bound <= uint16Bound ? UINT16 : INT32;
  }
}
