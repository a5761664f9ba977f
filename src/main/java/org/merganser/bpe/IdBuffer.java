package org.merganser.bpe;

import java.util.Arrays;

/**
 * A reusable growable array of token ids, or of other numbers such as ends of texts; its content is
 * {@code ids()[0, size())}.
 */
public final class IdBuffer {
  /** The minimum capacity. */
  private static final int LEAST_CAPACITY = 16;

  /** The maximum length of an array. */
  private static final int MAX_CAPACITY = Integer.MAX_VALUE - 16;

  private int[] ids;
  private int size;

  /**
   * @param capacity the number of ids that fit before the buffer grows; at least 16 always do
   */
  public IdBuffer(int capacity) {
    this.ids = new int[Math.max(LEAST_CAPACITY, capacity)];
  }

  /** The array of this buffer; another one after each call that makes the buffer grow. */
  public int[] ids() {
    return ids;
  }

  /** The number of ids. */
  public int size() {
    return size;
  }

  /**
   * Sets the number of ids after a caller has written them to {@link #ids}.
   *
   * @throws IndexOutOfBoundsException for a negative size, or one above the array's length
   */
  public void setSize(int newSize) {
    if (newSize < 0 || newSize > ids.length) {
      throw new IndexOutOfBoundsException(
          "size " + newSize + " of a buffer with capacity " + ids.length);
    }
    size = newSize;
  }

  /** Removes all ids. */
  public void clear() {
    size = 0;
  }

  /**
   * Makes room for {@code more} ids after the present ones; returns the array of this buffer.
   *
   * @throws OutOfMemoryError if they do not fit one array
   */
  public int[] ensure(int more) {
    long needed = (long) size + more;
    if (needed > ids.length) {
      if (needed > MAX_CAPACITY) {
        throw new OutOfMemoryError(needed + " ids do not fit one array");
      }
      long larger = Math.max(needed, 2L * ids.length);
      ids = Arrays.copyOf(ids, (int) Math.min(MAX_CAPACITY, larger));
    }
    return ids;
  }

  /** Appends an id. */
  public void add(int id) {
    ensure(1);
    ids[size++] = id;
  }

  /** A copy of the ids. */
  public int[] toArray() {
    return Arrays.copyOf(ids, size);
  }
}
