package org.merganser.parquet;

import java.nio.ByteBuffer;
import org.apache.parquet.io.ParquetDecodingException;

/**
 * Reads repetition or definition levels run by run: those of {@link ColumnPages.LevelRuns}, and the
 * bit-packed runs of Parquet's hybrid, which other writers use as well.
 */
final class LevelReader {
  private final int most;
  private final int width;
  private ByteBuffer in = ByteBuffer.allocate(0);
  private int packedBytes;
  private long packed;
  private int packedLevels;
  private int level;
  private int length;

  /** Of a column whose highest level is {@code most}, 1 to 255. */
  LevelReader(int most) {
    this.most = most;
    this.width = Integer.SIZE - Integer.numberOfLeadingZeros(most);
  }

  /** Starts with the levels of a page, without a length before them. */
  void begin(ByteBuffer levels) {
    in = levels;
    packedBytes = 0;
    packedLevels = 0;
    length = 0;
  }

  /**
   * @throws ParquetDecodingException if there are no more levels, or one that is too high
   */
  int level() {
    while (length == 0) {
      nextRun();
    }
    return level;
  }

  /** A number of entries, from the next one on, that all have {@link #level}; more may follow. */
  int length() {
    return length;
  }

  void skip(int entries) {
    length -= entries;
  }

  /** Bytes after the run of the last entry, whose packed levels may be more than were wanted. */
  int bytesLeft() {
    return Math.max(0, in.remaining() - packedBytes);
  }

  private void nextRun() {
    if (packedLevels == 0 && packedBytes > 0) {
      packed = 0;
      int bytes = Math.max(1, Math.min(in.remaining(), width)); // the last ones may be absent
      for (int i = 0; i < bytes; i++) {
        packed |= (next(in) & 0xFFL) << 8 * i;
      }
      packedLevels = 8 * bytes / width;
      packedBytes -= width;
    }
    if (packedLevels > 0) {
      int mask = (1 << width) - 1;
      level = (int) packed & mask;
      while (packedLevels > 0 && (packed & mask) == level) {
        packed >>>= width;
        packedLevels--;
        length++;
      }
    } else {
      int header = varint(in);
      if ((header & 1) == 1) {
        packedBytes = Math.multiplyExact(header >>> 1, width);
        return;
      }
      length = header >>> 1;
      level = next(in) & 0xFF;
    }
    if (level < 0 || level > most) {
      throw new ParquetDecodingException("a level of " + level + ", but the highest is " + most);
    }
  }

  private static byte next(ByteBuffer in) {
    if (!in.hasRemaining()) {
      throw new ParquetDecodingException("the levels of a page end before its values");
    }
    return in.get();
  }

  static int varint(ByteBuffer in) {
    int value = 0;
    for (int shift = 0; shift < Integer.SIZE; shift += 7) {
      byte next = next(in);
      value |= (next & 0x7F) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new ParquetDecodingException("an integer in a page has more than 32 bits");
  }
}
