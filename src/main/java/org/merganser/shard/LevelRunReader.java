package org.merganser.shard;

import java.nio.ByteBuffer;
import org.apache.parquet.io.ParquetDecodingException;

/**
 * Reads repetition or definition levels of 0 and 1, run by run: what {@link LevelRuns} writes, and
 * the bit-packed runs of Parquet's hybrid, which other writers use as well.
 */
final class LevelRunReader {
  private ByteBuffer in = ByteBuffer.allocate(0);
  private int packedBytes;
  private int packed;
  private int packedBits;
  private int level;
  private int length;

  /** Starts with the levels of a page, without a length before them. */
  void begin(ByteBuffer levels) {
    in = levels;
    packedBytes = 0;
    packedBits = 0;
    length = 0;
  }

  /**
   * The level of the next entry.
   *
   * @throws RuntimeException when there are no more levels, or one that is neither 0 nor 1
   */
  int level() {
    while (length == 0) {
      nextRun();
    }
    return level;
  }

  /** How many entries from the next one on surely have {@link #level}. */
  int length() {
    return length;
  }

  /** Passes over entries, at most {@link #length}. */
  void skip(int entries) {
    length -= entries;
  }

  private void nextRun() {
    if (packedBits == 0 && packedBytes > 0) {
      packed = in.get() & 0xFF;
      packedBits = 8;
      packedBytes--;
    }
    if (packedBits > 0) {
      level = packed & 1;
      length = Integer.numberOfTrailingZeros(packed ^ -level | 1 << packedBits);
      packed >>>= length;
      packedBits -= length;
      return;
    }
    int header = varint();
    if ((header & 1) == 1) {
      packedBytes = header >>> 1;
      return;
    }
    length = header >>> 1;
    level = in.get();
    if (level < 0 || level > 1) {
      throw new ParquetDecodingException("a level of " + level + " where 0 and 1 are possible");
    }
  }

  private int varint() {
    int value = 0;
    for (int shift = 0; shift < Integer.SIZE; shift += 7) {
      byte next = in.get();
      value |= (next & 0x7F) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new ParquetDecodingException("the length of a run of levels has more than 32 bits");
  }
}
