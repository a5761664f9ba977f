package org.merganser.binary;

/** Unsigned LEB128: seven bits a byte, lowest first; 300 is {@code AC 02}. */
public final class Varints {
  /** The maximum number of bytes of a value, which has up to 63 bits. */
  public static final int MOST_BYTES = 9;

  private Varints() {}

  /**
   * Writes a nonnegative value; returns the place after it.
   *
   * @param bytes has room for the value, which takes up to {@value #MOST_BYTES} bytes
   */
  public static int write(byte[] bytes, int at, long value) {
    int place = at;
    long rest = value;
    while (rest > 0x7F) {
      bytes[place++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[place++] = (byte) rest;
    return place;
  }

  /** Reads the value that {@link #write} wrote at a place; {@link #length} has its bytes. */
  public static long read(byte[] bytes, int at) {
    int place = at;
    long value = 0;
    int shift = 0;
    byte b;
    do {
      b = bytes[place++];
      value |= (b & 0x7FL) << shift;
      shift += 7;
    } while (b < 0);
    return value;
  }

  /** The number of bytes of a nonnegative value. */
  public static int length(long value) {
    int bits = Long.SIZE - Long.numberOfLeadingZeros(value | 1); // zero has one
    return (bits + 6) / 7;
  }
}
