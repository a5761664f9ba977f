package org.merganser.parquet;

import org.merganser.text.unicode.ByteBuilder;

/**
 * Repetition or definition levels below 256, as the run-length part of Parquet's RLE/bit-packed
 * hybrid: a run is {@code varint(length << 1), level}. A list of n ids costs two runs, whatever n.
 * Example: levels 0 1 1 1 become {@code 02 00 06 01}.
 */
final class LevelRuns {
  private final ByteBuilder runs = new ByteBuilder(256);
  private int level;
  private long length;

  void add(int newLevel, long count) {
    if (count == 0) {
      return;
    }
    if (newLevel != level) {
      endRun();
      level = newLevel;
    }
    length += count;
  }

  /** Appends the levels, length first, as in a page of version 1, and resets. */
  void moveTo(ByteBuilder page) {
    endRun();
    page.appendInt(runs.length());
    page.append(runs.bytes(), 0, runs.length());
    runs.clear();
  }

  private void endRun() {
    if (length > 0) {
      runs.appendVarint(length << 1);
      runs.append((byte) level);
      length = 0;
    }
  }
}
