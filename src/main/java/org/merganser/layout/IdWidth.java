package org.merganser.layout;

/** The bytes of a number in a file of plain numbers; for ids, the smallest width that fits all. */
enum IdWidth {
  /** The width of the values of a loss mask. */
  UINT8(1),
  UINT16(2),
  INT32(4);

  private final int bytes;

  IdWidth(int bytes) {
    this.bytes = bytes;
  }

  int bytes() {
    return bytes;
  }

  /**
   * The width for ids below {@code bound}.
   *
   * @param uint16Bound the maximum bound for which the layout's readers take 16 bits: 65,536, or
   *     65,499 for Megatron
   */
  static IdWidth of(int bound, int uint16Bound) {
    return bound <= uint16Bound ? UINT16 : INT32;
  }
}
