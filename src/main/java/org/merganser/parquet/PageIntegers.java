package org.merganser.parquet;

import java.nio.ByteBuffer;
import org.apache.parquet.io.ParquetDecodingException;

/**
 * Reads the integers in the headers of a page's runs and blocks: 7 bits a byte, lowest first. The
 * end of the page within one is a {@link java.nio.BufferUnderflowException}.
 */
final class PageIntegers {
  private PageIntegers() {}

  /** Reads an unsigned integer of at most 32 bits (ULEB128). */
  static int readUnsigned(ByteBuffer in) {
    int value = 0;
    for (int shift = 0; shift < Integer.SIZE; shift += 7) {
      byte next = in.get();
      value |= (next & 0x7F) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new ParquetDecodingException("an integer in a page has more than 32 bits");
  }

  /** Reads a signed integer of at most 64 bits; 0, -1, 1, -2 are stored as 0, 1, 2, 3. */
  static long readZigzag(ByteBuffer in) {
    long bits = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      byte next = in.get();
      bits |= (next & 0x7FL) << shift;
      if (next >= 0) {
        return (bits >>> 1) ^ -(bits & 1);
      }
    }
    throw new ParquetDecodingException("an integer in a page has more than 64 bits");
  }
}
