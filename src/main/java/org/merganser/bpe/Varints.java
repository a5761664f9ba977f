package org.merganser.bpe;

/** Unsigned LEB128: seven bits a byte, lowest first; 300 is {@code AC 02}. */
final class Varints {
  private Varints() {}

  /** Writes a value that is not negative and returns the place behind it. */
  static int write(byte[] bytes, int at, long value) {
    int place = at;
    long rest = value;
    while (rest > 0x7F) {
      bytes[place++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[place++] = (byte) rest;
    return place;
  }

  /** Bytes that {@link #write} takes. */
  static int length(int value) {
    return (38 - Integer.numberOfLeadingZeros(value | 1)) / 7;
  }
}
