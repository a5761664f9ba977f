package org.merganser.binary;

/** Unsigned LEB128: seven bits a byte, lowest first; 300 is {@code AC 02}. */
public final class Varints {
  private Varints() {}

  /** Writes a nonnegative value, of at most 9 bytes, and returns the place after it. */
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

  /** Reads the value at a place; {@link #length} says how many bytes it has. */
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
