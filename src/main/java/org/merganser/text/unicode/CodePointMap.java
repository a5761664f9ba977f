package org.merganser.text.unicode;

import java.util.Arrays;

/**
 * A map from code points to short sequences of code points: open addressing over an int array, the
 * sequences back to back in one pool. Grows never: the capacity is a power of two, well above the
 * number of entries.
 */
public final class CodePointMap {
  /** Code point + 1, so that 0 is an empty slot. */
  private final int[] keys;

  /** Offset into the pool {@code << 8 |} length. */
  private final int[] places;

  private int[] pool = new int[256];
  private int used;
  private int entries;

  public CodePointMap(int capacity) {
    if (Integer.bitCount(capacity) != 1) {
      throw new IllegalArgumentException("capacity " + capacity + " is not a power of two");
    }
    keys = new int[capacity];
    places = new int[capacity];
  }

  public void put(int codePoint, int[] sequence) {
    if (++entries > keys.length * 3 / 4) {
      throw new IllegalStateException("more than 3/4 of " + keys.length + " slots are taken");
    }
    if (used + sequence.length > pool.length) {
      pool = Arrays.copyOf(pool, Math.max(used + sequence.length, 2 * pool.length));
    }
    int slot = find(codePoint);
    keys[slot] = codePoint + 1;
    places[slot] = used << 8 | sequence.length;
    System.arraycopy(sequence, 0, pool, used, sequence.length);
    used += sequence.length;
  }

  /** Writes the sequence of a code point to {@code to[at..]}; returns its length, 0 for none. */
  public int copy(int codePoint, int[] to, int at) {
    int slot = find(codePoint);
    if (keys[slot] == 0) {
      return 0;
    }
    int length = places[slot] & 0xFF;
    System.arraycopy(pool, places[slot] >>> 8, to, at, length);
    return length;
  }

  /** The slot of a code point, or the empty slot where it would go. */
  private int find(int codePoint) {
    int slot = codePoint * 0x9E3779B1 >>> 16 & keys.length - 1;
    while (keys[slot] != 0 && keys[slot] != codePoint + 1) {
      slot = slot + 1 & keys.length - 1;
    }
    return slot;
  }
}
