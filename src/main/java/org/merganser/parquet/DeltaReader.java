package org.merganser.parquet;

import java.nio.ByteBuffer;
import org.apache.parquet.io.ParquetDecodingException;

/**
 * Reads the integers of Parquet's DELTA_BINARY_PACKED one by one. Allocates nothing, whatever the
 * sizes in it say.
 */
final class DeltaReader {
  /** Writers make blocks of 128 to some thousand values; Parquet's reader has an array of one. */
  private static final int MAX_BLOCK = 1 << 20;

  private final ByteBuffer in;
  private final int count;
  private final int parts;
  private final int partSize;

  private int read;
  private long value;
  private long least;

  /** Where the widths of the parts of the block are; {@code part} of them have been begun. */
  private int widths;

  private int part;
  private int leftInPart;
  private int partStart;

  /**
   * Reads the header.
   *
   * @throws ParquetDecodingException if it has another number of values, or impossible sizes
   */
  DeltaReader(ByteBuffer in, int expected) {
    this.in = in;
    int block = LevelReader.varint(in);
    this.parts = LevelReader.varint(in);
    this.count = LevelReader.varint(in);
    if (block <= 0 || block > MAX_BLOCK || parts <= 0 || block % (8L * parts) != 0) {
      throw new ParquetDecodingException(
          "a delta block of %s values in %s parts; at most %s in parts of multiples of 8 are allowed"
              .formatted(block, parts, MAX_BLOCK));
    }
    if (count != expected) {
      throw new ParquetDecodingException(
          "delta blocks of %s values in a page of %s".formatted(count, expected));
    }
    this.partSize = block / parts;
    this.part = parts;
    this.value = zigzag();
  }

  /** The next value; there are as many as the constructor was told. */
  long next() {
    if (read++ > 0) {
      long delta = delta(); // which may read another least one
      value += least + delta;
    }
    return value;
  }

  /** The next value, which is a length. */
  int nextLength() {
    long length = next();
    if (length < 0 || length > Integer.MAX_VALUE) {
      throw new ParquetDecodingException("a length of " + length);
    }
    return (int) length;
  }

  /** Moves the buffer behind the last value that was read. */
  void finish() {
    if (leftInPart > 0) {
      endPart();
    }
  }

  private long delta() {
    if (leftInPart == 0) {
      if (part == parts) {
        least = zigzag();
        widths = in.position();
        in.position(widths + parts);
        part = 0;
      }
      partStart = in.position();
      leftInPart = partSize;
    }
    int width = in.get(widths + part) & 0xFF;
    if (width > Long.SIZE) {
      throw new ParquetDecodingException("a delta of " + width + " bits");
    }
    long bit = (long) width * (partSize - leftInPart);
    long delta = 0;
    for (int done = 0; done < width; ) {
      int at = (int) (bit + done & 7);
      int taken = Math.min(8 - at, width - done);
      long bits = (in.get(partStart + (int) (bit + done >>> 3)) & 0xFF) >>> at & (1L << taken) - 1;
      delta |= bits << done;
      done += taken;
    }
    if (--leftInPart == 0) {
      endPart();
    }
    return delta;
  }

  private void endPart() {
    int width = in.get(widths + part) & 0xFF;
    in.position(partStart + width * (partSize / 8));
    leftInPart = 0;
    part++;
  }

  private long zigzag() {
    long bits = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      byte next = in.get();
      bits |= (next & 0x7FL) << shift;
      if (next >= 0) {
        return bits >>> 1 ^ -(bits & 1);
      }
    }
    throw new ParquetDecodingException("an integer in a page has more than 64 bits");
  }
}
