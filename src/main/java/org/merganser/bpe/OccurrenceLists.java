package org.merganser.bpe;

import java.util.Arrays;

/**
 * For each queued pair the words in which it arose, in one byte array.
 *
 * <p>A list is {@code record(4 bytes, little-endian) length words}: the length of the rest and the
 * distances from word to word are LEB128, and the first distance is from -1. Words 9, 300 are
 * {@code 0A, A3 02}. Lists are written once, at their exact size, and read once; the room of those
 * that were read is won back by moving the others together when the array is full.
 */
final class OccurrenceLists {
  static final int NONE = -1;
  private static final int MAX_BYTES = Integer.MAX_VALUE - 16;

  private final PairTable pairs;
  private byte[] data;
  private int used;
  private long live;

  OccurrenceLists(PairTable pairs, long expectedBytes) {
    this.pairs = pairs;
    this.data = new byte[(int) Math.min(MAX_BYTES, Math.max(1 << 12, expectedBytes))];
  }

  /** Bytes that a list takes whose words take {@code wordBytes}. */
  static int listBytes(int wordBytes) {
    return 4 + Varints.length(wordBytes) + wordBytes;
  }

  /** Makes room for lists of {@code bytes} altogether, so that allocating them moves none. */
  void ensure(long bytes) {
    if (used + bytes <= data.length) {
      return;
    }
    long needed = live + bytes;
    if (needed > MAX_BYTES) {
      throw new IllegalStateException(
          "the places of all pairs take "
              + needed
              + " bytes, at most "
              + MAX_BYTES
              + " fit; raise the minimum count of a pretoken");
    }
    if (needed > data.length - (data.length >> 3)) {
      moveTogether(new byte[(int) Math.min(MAX_BYTES, needed + (needed >> 2))]);
    } else {
      moveTogether(data);
    }
  }

  private void moveTogether(byte[] target) {
    int to = 0;
    for (int at = 0; at < used; ) {
      int record = readInt(at);
      int size = sizeAt(at);
      if (pairs.list(record) == at) {
        System.arraycopy(data, at, target, to, size);
        pairs.setList(record, to);
        to += size;
      }
      at += size;
    }
    used = to;
    data = target;
  }

  /**
   * Makes a record's list, whose words take {@code wordBytes}, and returns where they begin; {@link
   * #ensure} has made room.
   */
  int allocate(int record, int wordBytes) {
    int at = used;
    for (int i = 0; i < 4; i++) {
      data[at + i] = (byte) (record >>> 8 * i);
    }
    int words = Varints.write(data, at + 4, wordBytes);
    pairs.setList(record, at);
    used = words + wordBytes;
    live += used - at;
    return words;
  }

  /** Writes the distance to the next word and returns the place behind it. */
  int write(int at, int distance) {
    return Varints.write(data, at, distance);
  }

  /** Forgets a record's list; its bytes stay readable until {@link #ensure}. */
  void free(int record) {
    live -= sizeAt(pairs.list(record));
    pairs.setList(record, NONE);
  }

  /** Where the words of a list begin. */
  int begin(int list) {
    int at = list + 4;
    while (data[at] < 0) {
      at++;
    }
    return at + 1;
  }

  int end(int list) {
    return list + sizeAt(list);
  }

  byte[] data() {
    return data;
  }

  private int readInt(int at) {
    int value = 0;
    for (int i = 0; i < 4; i++) {
      value |= (data[at + i] & 0xFF) << 8 * i;
    }
    return value;
  }

  private int sizeAt(int list) {
    int at = list + 4;
    int wordBytes = 0;
    int shift = 0;
    byte b;
    do {
      b = data[at++];
      wordBytes |= (b & 0x7F) << shift;
      shift += 7;
    } while (b < 0);
    return at - list + wordBytes;
  }

  long memoryBytes() {
    return data.length;
  }

  /** A copy of a list's words, for tests and messages. */
  int[] words(int list) {
    int[] words = new int[end(list) - begin(list)];
    int n = 0;
    int word = -1;
    int shift = 0;
    int distance = 0;
    for (int at = begin(list); at < end(list); at++) {
      distance |= (data[at] & 0x7F) << shift;
      shift += 7;
      if (data[at] >= 0) {
        word += distance;
        words[n++] = word;
        distance = 0;
        shift = 0;
      }
    }
    return Arrays.copyOf(words, n);
  }
}
