package org.merganser.bpe;

import java.util.Arrays;

/**
 * What one merge changes on one side of the merged token, by neighbouring symbol: so that the hash
 * table is asked once for each neighbour and not once for each occurrence.
 *
 * <p>The pair of the neighbour and the part beside it occurs as much less often as the pair of the
 * neighbour and the merged token occurs more often; one count says both. It lies beside what is
 * known of the pair's places, in one cache line.
 */
final class Neighbours {
  /**
   * For each symbol its count, and {@code n << 32 | last + 1}: n is at first the bytes of the
   * distances between the pair's places so far, and when these are written, where the next goes.
   */
  private long[] entries;

  private int[] symbols = new int[64];
  private int size;

  Neighbours(int ids) {
    entries = new long[2 * ids];
  }

  void ensureIds(int ids) {
    if (2 * ids > entries.length) {
      entries = Arrays.copyOf(entries, Math.max(2 * ids, entries.length + (entries.length >> 1)));
    }
  }

  /** The symbol stands beside the merged token once more; the new pair begins at {@code place}. */
  void add(int symbol, int place, long count) {
    long[] e = entries;
    int at = 2 * symbol;
    long known = e[at];
    if (known == 0) {
      if (size == symbols.length) {
        symbols = Arrays.copyOf(symbols, 2 * size);
      }
      symbols[size++] = symbol;
    }
    e[at] = known + count;
    long places = e[at + 1];
    int distance = place + 1 - (int) places;
    e[at + 1] = ((places >>> 32) + Varints.length(distance)) << 32 | place + 1;
  }

  int size() {
    return size;
  }

  int symbol(int i) {
    return symbols[i];
  }

  long count(int symbol) {
    return entries[2 * symbol];
  }

  /** Lowers the count of a symbol, if it has one. */
  void takeBack(int symbol, long count) {
    if (entries[2 * symbol] > 0) {
      entries[2 * symbol] -= count;
    }
  }

  /** Bytes of the distances to all places. */
  int placeBytes(int symbol) {
    return (int) (entries[2 * symbol + 1] >>> 32);
  }

  /** Says where the places go that follow; below 0 when nobody wants them. */
  void setCursor(int symbol, int at) {
    entries[2 * symbol + 1] = (long) at << 32;
  }

  /** Writes a place where the cursor is. Places come as they did in {@link #add}. */
  void write(int symbol, int place, byte[] target) {
    int at = 2 * symbol + 1;
    long places = entries[at];
    if (places < 0) {
      return;
    }
    int distance = place + 1 - (int) places;
    int cursor = Varints.write(target, (int) (places >>> 32), distance);
    entries[at] = (long) cursor << 32 | place + 1;
  }

  void clear() {
    for (int i = 0; i < size; i++) {
      entries[2 * symbols[i]] = 0;
      entries[2 * symbols[i] + 1] = 0;
    }
    size = 0;
  }

  long memoryBytes() {
    return 8L * entries.length + 4L * symbols.length;
  }
}
