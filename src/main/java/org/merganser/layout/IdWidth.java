package org.merganser.layout;

/**
 * The type of the numbers in an {@link IdFile}. Ids have 2 or 4 bytes; {@link
 * ShardLayout.Shape#uint16Bound} is the largest vocabulary for which a layout takes 2.
 */
public enum IdWidth {
  /** The type of the values in a loss mask. */
  UINT8(1),

  /** The type of the ids of small vocabularies. */
  UINT16(2),

  /** The type of all other ids, and of lengths. */
  INT32(4);

  /** The size of the largest vocabulary whose ids all fit into 16 bits. */
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
