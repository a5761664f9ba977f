package org.merganser.parquet;

import java.nio.ByteBuffer;
import org.apache.parquet.io.ParquetDecodingException;

/**
 * Reads repetition or definition levels run by run: those of {@link ColumnPages.LevelRuns}, and the
 * bit-packed runs of Parquet's hybrid, which other writers use as well. Bit-packed levels are
 * loaded eight at a time, and equal ones among them form a run. For each entry, call {@link #level}
 * before {@link #length} and {@link #skip}.
 */
final class LevelReader {
  /** The highest level of the column. */
  private final int highest;

  /** The bits of a level in a bit-packed run. */
  private final int width;

  private ByteBuffer in = ByteBuffer.allocate(0);

  /** The bytes of the current bit-packed run that were not loaded yet. */
  private int packedBytes;

  /** The loaded levels that are in no run yet, lowest bits first. */
  private long packed;

  /** The number of levels in {@link #packed}. */
  private int packedLevels;

  /** The level of the current run. */
  private int level;

  /** The entries of the current run that were not skipped yet. */
  private int length;

  /**
   * @param highest the highest level of the column, 1 to 255
   */
  LevelReader(int highest) {
    this.highest = highest;
    this.width = Integer.SIZE - Integer.numberOfLeadingZeros(highest);
  }

  /** Starts with the levels of a page, without a length before them. */
  void begin(ByteBuffer levels) {
    in = levels;
    packedBytes = 0;
    packedLevels = 0;
    length = 0;
  }

  /**
   * The level of the next entry.
   *
   * @throws ParquetDecodingException if there are no more levels, or one that is too high
   */
  int level() {
    while (length == 0) {
      nextRun();
    }
    return level;
  }

  /** A number of entries, from the next one on, that have {@link #level}; later ones may, too. */
  int length() {
    return length;
  }

  /** Skips entries of the current run, at most {@link #length}. */
  void skip(int entries) {
    length -= entries;
  }

  /**
   * The bytes after the run of the last entry. A bit-packed run ends with its last byte, although
   * it may have more levels than the page has entries.
   */
  int bytesLeft() {
    return Math.max(0, in.remaining() - packedBytes);
  }

  /** Begins the next run; its length is 0 if only the header of a bit-packed run was read. */
  private void nextRun() {
    if (packedLevels == 0 && packedBytes > 0) {
      loadPacked();
    }
    if (packedLevels > 0) {
      takePackedRun();
    } else {
      requireByte();
      int header = PageIntegers.readUnsigned(in);
      if ((header & 1) == 1) {
        packedBytes = Math.multiplyExact(header >>> 1, width);
        return;
      }
      length = header >>> 1;
      level = nextByte();
    }
    if (level > highest) {
      throw new ParquetDecodingException("a level of " + level + ", but the highest is " + highest);
    }
  }

  /** Loads eight bit-packed levels, which take {@link #width} bytes. */
  private void loadPacked() {
    packed = 0;
    requireByte();
    int bytes = Math.min(in.remaining(), width); // a page may lack its last ones
    for (int i = 0; i < bytes; i++) {
      packed |= (long) nextByte() << (8 * i);
    }
    packedLevels = 8 * bytes / width;
    packedBytes -= width;
  }

  /** Makes a run of the equal levels at the beginning of the loaded ones. */
  private void takePackedRun() {
    int mask = (1 << width) - 1;
    level = (int) packed & mask;
    while (packedLevels > 0 && (packed & mask) == level) {
      packed >>>= width;
      packedLevels--;
      length++;
    }
  }

  /** Reads a byte, 0 to 255. */
  private int nextByte() {
    requireByte();
    return in.get() & 0xFF;
  }

  private void requireByte() {
    if (!in.hasRemaining()) {
      throw new ParquetDecodingException("the levels of a page end before its values");
    }
  }
}
