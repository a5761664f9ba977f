package org.merganser.embedding;

import java.nio.ByteBuffer;

public enum FloatType {
  F32,
  F16,
  BF16;

  public int bytes() {
    return this == F32 ? 4 : 2;
  }

  /**
   * Appends {@code row[0, dim)} to a little-endian buffer; F16 and BF16 are the nearest value, ties
   * to even.
   *
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

  private static short bfloat(float value) {
    int bits = Float.floatToRawIntBits(value);
    return (short) (bits + 0x7FFF + (bits >>> 16 & 1) >>> 16); // values are finite
  }
}
