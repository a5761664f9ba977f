package org.merganser.binary;

import java.util.Arrays;

/** A growable byte array that is reused; its content is {@code bytes()[0, length())}. */
public final class ByteBuilder {
  /** The maximum length of an array on all JVMs, with some reserve. */
  private static final int MOST_BYTES = Integer.MAX_VALUE - 16;

  private byte[] bytes;
  private int length;

  /**
   * @param capacity the content may have as many bytes before the array is replaced
   */
  public ByteBuilder(int capacity) {
    this.bytes = new byte[Math.max(16, capacity)];
  }

  /** The array of the content; replaced when the content outgrows it. */
  public byte[] bytes() {
    return bytes;
  }

  /** The number of bytes of the content. */
  public int length() {
    return length;
  }

  /** Removes the content and keeps the array. */
  public void clear() {
    length = 0;
  }

  /**
   * Truncates the content or, within the capacity, extends it to {@code newLength} bytes. The bytes
   * of an extension have no defined value.
   *
   * @throws IndexOutOfBoundsException for a negative length, or one above the array's
   */
  public void setLength(int newLength) {
    if (newLength < 0 || newLength > bytes.length) {
      throw new IndexOutOfBoundsException(
          "length " + newLength + " of a builder with capacity " + bytes.length);
    }
    length = newLength;
  }

  /**
   * Makes room in the array for {@code more} bytes after the content.
   *
   * @throws OutOfMemoryError if no array can have as many bytes
   */
  public void ensure(int more) {
    long needed = (long) length + more;
    if (needed > bytes.length) {
      if (needed > MOST_BYTES) {
        throw new OutOfMemoryError("text of " + needed + " bytes does not fit one array");
      }
      bytes = Arrays.copyOf(bytes, (int) Math.min(MOST_BYTES, Math.max(needed, 2L * bytes.length)));
    }
  }

  /** Appends a byte. */
  public void append(byte b) {
    ensure(1);
    bytes[length++] = b;
  }

  /** Appends the low two bytes, little-endian like all numbers here. */
  public void appendShort(int value) {
    ensure(2);
    LittleEndian.SHORT.set(bytes, length, (short) value);
    length += 2;
  }

  /** Appends four bytes. */
  public void appendInt(int value) {
    ensure(4);
    LittleEndian.INT.set(bytes, length, value);
    length += 4;
  }

  /** Appends eight bytes. */
  public void appendLong(long value) {
    ensure(8);
    LittleEndian.LONG.set(bytes, length, value);
    length += 8;
  }

  /** Appends a nonnegative number as {@link Varints} writes it. */
  public void appendVarint(long value) {
    ensure(Varints.MOST_BYTES);
    length = Varints.write(bytes, length, value);
  }

  /** Adds {@code more} bytes, which the caller fills, and returns their offset. */
  public int reserve(int more) {
    ensure(more);
    int at = length;
    length += more;
    return at;
  }

  /** Appends all bytes of an array. */
  public void append(byte[] source) {
    append(source, 0, source.length);
  }

  /** Appends {@code source[from, to)}. */
  public void append(byte[] source, int from, int to) {
    ensure(to - from);
    System.arraycopy(source, from, bytes, length, to - from);
    length += to - from;
  }

  /** Appends the UTF-8 form of a Unicode scalar value. */
  public void appendCodePoint(int codePoint) {
    ensure(4);
    if (codePoint < 0x80) {
      bytes[length++] = (byte) codePoint;
    } else if (codePoint < 0x800) {
      bytes[length++] = (byte) (0xC0 | (codePoint >> 6));
      bytes[length++] = continuation(codePoint);
    } else if (codePoint < 0x10000) {
      bytes[length++] = (byte) (0xE0 | (codePoint >> 12));
      bytes[length++] = continuation(codePoint >> 6);
      bytes[length++] = continuation(codePoint);
    } else {
      bytes[length++] = (byte) (0xF0 | (codePoint >> 18));
      bytes[length++] = continuation(codePoint >> 12);
      bytes[length++] = continuation(codePoint >> 6);
      bytes[length++] = continuation(codePoint);
    }
  }

  /** Appends the UTF-8 form of {@code chars[from, to)}, with U+FFFD for each unpaired surrogate. */
  public void appendUtf16(char[] chars, int from, int to) {
    // A char takes at most three bytes, and a pair of surrogates four of its six: so the array is
    // not replaced below.
    ensure(Math.multiplyExact(3, to - from));
    byte[] out = bytes;
    int n = length;
    int at = from;
    while (at < to) {
      char c = chars[at++];
      if (c < 0x80) {
        out[n++] = (byte) c;
      } else if (c < 0x800) {
        out[n] = (byte) (0xC0 | (c >> 6));
        out[n + 1] = continuation(c);
        n += 2;
      } else if (Character.isHighSurrogate(c) && at < to && Character.isLowSurrogate(chars[at])) {
        length = n;
        appendCodePoint(Character.toCodePoint(c, chars[at++]));
        n = length;
      } else {
        int scalar = Character.isSurrogate(c) ? 0xFFFD : c;
        out[n] = (byte) (0xE0 | (scalar >> 12));
        out[n + 1] = continuation(scalar >> 6);
        out[n + 2] = continuation(scalar);
        n += 3;
      }
    }
    length = n;
  }

  /** A copy of the content. */
  public byte[] toByteArray() {
    return Arrays.copyOf(bytes, length);
  }

  /** A byte after the first one of a character, with the lowest six bits of a number. */
  private static byte continuation(int bits) {
    return (byte) (0x80 | (bits & 0x3F));
  }
}
