package org.merganser.embedding;

import java.nio.ByteBuffer;

/** The number types in which tables are written; {@code RawTensor.Type} has those that are read. */
public enum FloatType {
  /** IEEE 754 binary32, Java's float. */
  F32(4, 23, Float.MIN_EXPONENT, 0x1p128),
  /** IEEE 754 binary16 ({@link Half}). */
  F16(2, 10, -14, 0x1p16),
  /** bfloat16: the upper half of a binary32. */
  BF16(2, 7, Float.MIN_EXPONENT, 0x1p128);

  private final int bytes;

  /** The bits of the fraction that are stored. */
  private final int fractionBits;

  /** The least exponent of a normal number; values below it are in steps of the same size. */
  private final int leastExponent;

  /** The power of two above the largest finite value. */
  private final double tooLarge;

  FloatType(int bytes, int fractionBits, int leastExponent, double tooLarge) {
    this.bytes = bytes;
    this.fractionBits = fractionBits;
    this.leastExponent = leastExponent;
    this.tooLarge = tooLarge;
  }

  /** The number of bytes of a value. */
  public int bytes() {
    return bytes;
  }

  /**
   * The value of this type that is nearest to a finite number, ties to even. It is rounded once: by
   * way of a float, 1 + 2^-11 + 2^-40 would become the F16 1 in place of 1 + 2^-10.
   *
   * @return an infinity if the number is too large for the type
   */
  public float nearest(double value) {
    if (this == F32) {
      return (float) value;
    }
    int exponent = Math.max(Math.getExponent(value), leastExponent);
    double step = Math.scalb(1.0, exponent - fractionBits);
    double rounded = StrictMath.rint(value / step) * step; // a power of two: the division is exact
    return Math.abs(rounded) < tooLarge
        ? (float) rounded
        : Math.copySign(Float.POSITIVE_INFINITY, (float) value);
  }

  /**
   * Appends {@code row[0, dim)} to a little-endian buffer; F16 and BF16 are the nearest value, ties
   * to even.
   *
   * @param row without NaN
   * @param name the row's name in an error
   * @throws EmbeddingException for a finite value outside the range of the type
   */
  public void put(float[] row, int dim, ByteBuffer out, String name) {
    for (int i = 0; i < dim; i++) {
      float value = row[i];
      if (this == F32) {
        out.putFloat(value);
        continue;
      }
      short bits = this == F16 ? Half.fromFloat(value) : bfloat(value);
      int infinity = this == F16 ? 0x7C00 : 0x7F80;
      if ((bits & 0x7FFF) == infinity && Float.isFinite(value)) {
        throw new EmbeddingException(
            name + " has " + value + " at " + i + ", too large for " + this + "; write F32");
      }
      out.putShort(bits);
    }
  }

  /** The nearest bfloat16, ties to even; of a NaN, it would be any value. */
  private static short bfloat(float value) {
    int bits = Float.floatToRawIntBits(value);
    int roundUp = 0x7FFF + ((bits >>> 16) & 1); // half of what is cut, ties to even
    return (short) ((bits + roundUp) >>> 16);
  }
}
