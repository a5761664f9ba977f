package org.merganser.embedding;

/** IEEE 754 binary16, for which Java 17 has no conversion. Example: 0x3C00 is 1. */
public final class Half {
  /** The difference of the exponents' biases: 127 of a float, 15 of a half. */
  private static final int BIAS = 112;

  private Half() {}

  /** The value of a half. It is exact: every half is also a float. */
  public static float toFloat(short bits) {
    int sign = (bits & 0x8000) << 16;
    int exponent = (bits >>> 10) & 0x1F;
    int mantissa = bits & 0x3FF;
    if (exponent == 0x1F) { // an infinity or a NaN
      return Float.intBitsToFloat(sign | 0x7F800000 | (mantissa << 13));
    }
    if (exponent == 0) {
      float tiny = mantissa * 0x1p-24f; // zero and subnormals
      return sign == 0 ? tiny : -tiny;
    }
    return Float.intBitsToFloat(sign | ((exponent + BIAS) << 23) | (mantissa << 13));
  }

  /**
   * The nearest half, ties to even. The largest half is 65,504; a finite value from 65,520 on
   * becomes an infinity, which the caller must check.
   */
  public static short fromFloat(float value) {
    int bits = Float.floatToRawIntBits(value);
    int sign = (bits >>> 16) & 0x8000;
    int magnitude = bits & 0x7FFFFFFF;
    if (magnitude > 0x7F800000) { // above the infinity
      return (short) (sign | 0x7E00); // NaN
    }
    if (magnitude >= 0x477FF000) { // rounds to 65,536 or more
      return (short) (sign | 0x7C00);
    }
    if (magnitude < 0x38800000) { // below 2^-14: in steps of 2^-24, rint rounds ties to even
      return (short)
          (sign | (int) StrictMath.rint(Float.intBitsToFloat(magnitude) * (double) (1 << 24)));
    }
    // Half of what is cut, ties to even.
    int rounded = magnitude + 0xFFF + ((magnitude >>> 13) & 1);
    return (short) (sign | ((rounded - (BIAS << 23)) >>> 13));
  }
}
