package org.merganser.bpe;

import java.util.Arrays;

/**
 * The new occurrences that one merge makes, in the order of the words: for each the neighbour, its
 * side, and how far the word is from the last one of the same pair. Both numbers as LEB128, about
 * four bytes.
 */
final class MergeLog {
  private byte[] data = new byte[1 << 12];
  private int used;

  void append(int symbol, boolean rightSide, int distance) {
    if (used + 12 > data.length) {
      data = Arrays.copyOf(data, data.length + (data.length >> 1));
    }
    used = Varints.write(data, used, (long) symbol << 1 | (rightSide ? 1 : 0));
    used = Varints.write(data, used, distance);
  }

  /** Writes every occurrence to the list at its neighbour's cursor, and forgets it. */
  void replay(OccurrenceLists lists, Neighbours left, Neighbours right) {
    int at = 0;
    while (at < used) {
      long symbolAndSide = data[at++];
      if (symbolAndSide < 0) {
        symbolAndSide &= 0x7F;
        int shift = 7;
        byte b;
        do {
          b = data[at++];
          symbolAndSide |= (b & 0x7FL) << shift;
          shift += 7;
        } while (b < 0);
      }
      int from = at;
      while (data[at] < 0) {
        at++;
      }
      at++;
      Neighbours side = (symbolAndSide & 1) == 0 ? left : right;
      int symbol = (int) (symbolAndSide >>> 1);
      int cursor = side.cursor(symbol);
      if (cursor >= 0) {
        byte[] target = lists.data();
        for (int i = from; i < at; i++) {
          target[cursor++] = data[i];
        }
        side.setCursor(symbol, cursor);
      }
    }
    used = 0;
  }

  long memoryBytes() {
    return data.length;
  }
}
