package org.merganser.bpe;

import java.util.Arrays;

/** A reusable growable array of token ids; its content is {@code ids()[0, size())}. */
public final class IdBuffer {
  private int[] ids;
  private int size;

  public IdBuffer(int capacity) {
    this.ids = new int[Math.max(16, capacity)];
  }

  public int[] ids() {
    return ids;
  }

  public int size() {
    return size;
  }

  public void setSize(int newSize) {
    if (newSize < 0 || newSize > ids.length) {
      throw new IndexOutOfBoundsException(
          "size " + newSize + " of a buffer with capacity " + ids.length);
    }
    size = newSize;
  }

  public void clear() {
    size = 0;
  }

  public int[] ensure(int more) {
    long needed = (long) size + more;
    if (needed > ids.length) {
      if (needed > Integer.MAX_VALUE - 16) {
        throw new OutOfMemoryError(needed + " ids do not fit one array");
      }
      ids =
          Arrays.copyOf(
              ids, (int) Math.min(Integer.MAX_VALUE - 16L, Math.max(needed, 2L * ids.length)));
    }
    return ids;
  }

  public void add(int id) {
    ensure(1);
    ids[size++] = id;
  }

  public int[] toArray() {
    return Arrays.copyOf(ids, size);
  }
}
