package org.merganser.parquet;

import java.nio.ByteBuffer;
import org.apache.parquet.io.ParquetDecodingException;

/**
 * Reads the integers of Parquet's DELTA_BINARY_PACKED one by one: a header with the first value,
 * then blocks. A block has the least of its deltas, the bit widths of its parts, and the parts
 * (Parquet's miniblocks): each delta minus the least one, in the width of its part. Allocates
 * nothing, whatever the sizes in the header are.
 */
final class DeltaReader {
  /**
   * The maximum number of values in a block, which Parquet's reader keeps in an array. Writers make
   * blocks of 128 to some thousand values.
   */
  private static final int MAX_BLOCK = 1 << 20;

  private final ByteBuffer in;

  /** The number of parts in a block. */
  private final int parts;

  /** The number of values in a part. */
  private final int partSize;

  /** How many values were returned. */
  private int returned;

  /** The value that was returned last; the first one if none was. */
  private long value;

  /** The least delta of the block. */
  private long least;

  /** The position of the widths of the block's parts. */
  private int widthsStart;

  /** The index of the current part in its block. */
  private int part;

  /** The position of the current part. */
  private int partStart;

  /** The values of the current part that were not read yet. */
  private int leftInPart;

  /**
   * Reads the header.
   *
   * @param expected the number of values that the header must name
   * @throws ParquetDecodingException if it has another number of values, or impossible sizes
   */
  DeltaReader(ByteBuffer in, int expected) {
    this.in = in;
    int block = PageIntegers.readUnsigned(in);
    this.parts = PageIntegers.readUnsigned(in);
    int count = PageIntegers.readUnsigned(in);
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
    this.value = PageIntegers.readZigzag(in);
  }

  /** The next value; the caller calls it at most {@code expected} times. */
  long next() {
    if (returned++ > 0) {
      long delta = nextDelta(); // may begin a block, so it comes before the least delta is used
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

  /** Moves the buffer to the end of the part with the last value that was read. */
  void finish() {
    if (leftInPart > 0) {
      endPart();
    }
  }

  /** The next delta, without the least one of its block. */
  private long nextDelta() {
    if (leftInPart == 0) {
      beginPart();
    }
    int width = width();
    if (width > Long.SIZE) {
      throw new ParquetDecodingException("a delta of " + width + " bits");
    }
    long delta = bits((long) width * (partSize - leftInPart), width);
    if (--leftInPart == 0) {
      endPart();
    }
    return delta;
  }

  /** Begins the next part, and the next block if all parts of this one are read. */
  private void beginPart() {
    if (part == parts) {
      least = PageIntegers.readZigzag(in);
      widthsStart = in.position();
      in.position(widthsStart + parts);
      part = 0;
    }
    partStart = in.position();
    leftInPart = partSize;
  }

  /** Moves the buffer to the end of the current part, in which not all values may be used. */
  private void endPart() {
    in.position(partStart + width() * (partSize / 8));
    leftInPart = 0;
    part++;
  }

  /** The bits of a delta in the current part. */
  private int width() {
    return in.get(widthsStart + part) & 0xFF;
  }

  /** Reads {@code width} bits of the current part, from bit {@code first} on, lowest first. */
  private long bits(long first, int width) {
    long result = 0;
    int done = 0;
    while (done < width) {
      long bit = first + done;
      int bitInByte = (int) (bit & 7);
      int taken = Math.min(8 - bitInByte, width - done);
      int oneByte = in.get(partStart + (int) (bit >>> 3)) & 0xFF;
      long found = (oneByte >>> bitInByte) & ((1L << taken) - 1);
      result |= found << done;
      done += taken;
    }
    return result;
  }
}
