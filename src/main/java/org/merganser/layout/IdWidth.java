package org.merganser.layout;

/**
 * The bytes of a number in a file of plain numbers. Ids have 2 or 4 bytes; each layout knows up to
 * which vocabulary its readers take 2.
 */
public enum IdWidth {
  /** The width of a loss mask. */
  UINT8(1),

  /** The width of ids of small vocabularies. */
  UINT16(2),

  /** The width of all other ids, and of lengths. */
  INT32(4);

  /** The bound of the vocabularies whose ids all fit into 16 bits. */
  public static final int UINT16_BOUND = 1 << 16;

  private final int bytes;

  IdWidth(int bytes) {
    this.bytes = bytes;
  }

  /** The bytes of a number. */
  public int bytes() {
    return bytes;
  }

  /**
   * The width of ids below {@code bound}.
   *
   * @param uint16Bound the largest bound for which the readers of a layout take 16 bits
   */
  public static IdWidth of(int bound, int uint16Bound) {
    return bound <= uint16Bound ? UINT16 : INT32;
  }
}
