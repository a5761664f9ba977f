package org.merganser.bpe;

import java.util.Arrays;

/**
 * What one merge changes on one side of the merged pair, by neighbouring symbol: so that the hash
 * table is asked once for each neighbour and not once for each occurrence.
 */
final class Neighbours {
  private long[] lost;
  private long[] gained;
  private int[] lastWord;
  private int[] wordBytes;
  private int[] cursor;
  private int[] touched = new int[64];
  private int size;

  Neighbours(int symbols) {
    lost = new long[symbols];
    gained = new long[symbols];
    lastWord = new int[symbols];
    Arrays.fill(lastWord, -1);
    wordBytes = new int[symbols];
    cursor = new int[symbols];
  }

  void ensureSymbols(int symbols) {
    int old = lost.length;
    if (symbols > old) {
      int larger = Math.max(symbols, old + (old >> 1));
      lost = Arrays.copyOf(lost, larger);
      gained = Arrays.copyOf(gained, larger);
      lastWord = Arrays.copyOf(lastWord, larger);
      Arrays.fill(lastWord, old, larger, -1);
      wordBytes = Arrays.copyOf(wordBytes, larger);
      cursor = Arrays.copyOf(cursor, larger);
    }
  }

  /** The pair of the symbol and the merged part next to it occurs {@code count} times less. */
  void lose(int symbol, long count) {
    touch(symbol);
    lost[symbol] += count;
  }

  /**
   * The pair of the symbol and the merged token occurs {@code count} times more.
   *
   * @return how far the word is from the pair's last one (the first from -1), 0 if it is the same
   */
  int gain(int symbol, int word, long count) {
    touch(symbol);
    gained[symbol] += count;
    int distance = word - lastWord[symbol];
    if (distance != 0) {
      lastWord[symbol] = word;
      wordBytes[symbol] += Varints.length(distance);
    }
    return distance;
  }

  private void touch(int symbol) {
    if ((lost[symbol] | gained[symbol]) == 0) {
      if (size == touched.length) {
        touched = Arrays.copyOf(touched, 2 * size);
      }
      touched[size++] = symbol;
    }
  }

  int size() {
    return size;
  }

  int symbol(int i) {
    return touched[i];
  }

  long lost(int symbol) {
    return lost[symbol];
  }

  long gained(int symbol) {
    return gained[symbol];
  }

  /** Takes back part of what a symbol gained, if it did gain. */
  void undoGain(int symbol, long count) {
    if (gained[symbol] > 0) {
      gained[symbol] -= count;
    }
  }

  /** Bytes of the distances to all words. */
  int wordBytes(int symbol) {
    return wordBytes[symbol];
  }

  /** Where its next word goes; below 0 when nobody wants its words. */
  int cursor(int symbol) {
    return cursor[symbol];
  }

  void setCursor(int symbol, int at) {
    cursor[symbol] = at;
  }

  void clear() {
    for (int i = 0; i < size; i++) {
      int symbol = touched[i];
      lost[symbol] = 0;
      gained[symbol] = 0;
      lastWord[symbol] = -1;
      wordBytes[symbol] = 0;
    }
    size = 0;
  }

  long memoryBytes() {
    return 28L * lost.length + 4L * touched.length;
  }
}
