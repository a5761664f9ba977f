package org.merganser.bpe.train;

import java.util.Arrays;
import java.util.function.IntPredicate;

/**
 * Pairs of symbols with their counts, their queued counts, and the positions of their lists.
 *
 * <p>A pair is packed as {@code left << 32 | right}; (3, 7) becomes 0x0000_0003_0000_0007, and the
 * order of the packed values breaks ties. Records are numbered from 0 in order of arrival; {@link
 * #retain} renumbers them.
 */
public final class PairTable {
  /** The queued count of a record that is not in the queue. */
  static final long UNQUEUED = -1;

  private int[] slots;
  private int shift;
  private long[] keys = new long[1 << 11];
  private long[] counts = new long[1 << 11];
  private long[] queuedCounts = new long[1 << 11];
  private int[] lists = new int[1 << 11];
  private int size;

  public PairTable() {
    newSlots(1 << 12);
  }

  private void newSlots(int length) {
    slots = new int[length];
    shift = 64 - Integer.numberOfTrailingZeros(length);
  }

  public static long key(int left, int right) {
    return (long) left << 32 | right;
  }

  public int find(long key) {
    int mask = slots.length - 1;
    for (int slot = slot(key); slots[slot] != 0; slot = (slot + 1) & mask) {
      if (keys[slots[slot] - 1] == key) {
        return slots[slot] - 1;
      }
    }
    return -1;
  }

  /** The record of a pair, added with count 0 if it is new. */
  int findOrAdd(long key) {
    int mask = slots.length - 1;
    int slot = slot(key);
    for (; slots[slot] != 0; slot = (slot + 1) & mask) {
      if (keys[slots[slot] - 1] == key) {
        return slots[slot] - 1;
      }
    }
    if (size == keys.length) {
      int larger = size + (size >> 1);
      keys = Arrays.copyOf(keys, larger);
      counts = Arrays.copyOf(counts, larger);
      queuedCounts = Arrays.copyOf(queuedCounts, larger);
      lists = Arrays.copyOf(lists, larger);
    }
    keys[size] = key;
    counts[size] = 0;
    queuedCounts[size] = UNQUEUED;
    lists[size] = OccurrenceLists.NONE;
    slots[slot] = ++size;
    if (size > slots.length * 0.6) {
      newSlots(2 * slots.length);
      fillSlots();
    }
    return size - 1;
  }

  private int slot(long key) {
    long h = (key ^ key >>> 32) * 0x9E3779B97F4A7C15L;
    return (int) ((h ^ h << 21) >>> shift);
  }

  private void fillSlots() {
    int mask = slots.length - 1;
    for (int record = 0; record < size; record++) {
      int slot = slot(keys[record]);
      while (slots[slot] != 0) {
        slot = (slot + 1) & mask;
      }
      slots[slot] = record + 1;
    }
  }

  @FunctionalInterface
  public interface Renumbering {
    void move(int from, int to);
  }

  /** Keeps, in order, the queued records that pass a test, and renumbers them. */
  public void retain(IntPredicate keep, Renumbering renumbering) {
    int kept = 0;
    for (int record = 0; record < size; record++) {
      if (queuedCounts[record] != UNQUEUED && keep.test(record)) {
        renumbering.move(record, kept);
        keys[kept] = keys[record];
        counts[kept] = counts[record];
        queuedCounts[kept] = queuedCounts[record];
        lists[kept++] = lists[record];
      }
    }
    size = kept;
    Arrays.fill(slots, 0);
    fillSlots();
  }

  void clear() {
    size = 0;
    Arrays.fill(slots, 0);
  }

  /**
   * The lowest count, from {@code floor} on, that at most {@code most} queued records reach, or the
   * highest count if more records have it.
   */
  long leastCountOf(int most, long floor) {
    long[] queued = new long[size];
    int n = 0;
    for (int record = 0; record < size; record++) {
      if (queuedCounts[record] != UNQUEUED) {
        queued[n++] = counts[record];
      }
    }
    return leastOf(queued, n, most, floor);
  }

  /**
   * The lowest of {@code counts[0, n)}, from {@code floor} on, that at most {@code most} of them
   * reach, or the highest one if more have it. Sorts them.
   */
  public static long leastOf(long[] counts, int n, int most, long floor) {
    if (n <= most) {
      return floor;
    }
    Arrays.sort(counts, 0, n);
    return Math.max(floor, Math.min(counts[n - 1 - most] + 1, counts[n - 1]));
  }

  public int size() {
    return size;
  }

  long key(int record) {
    return keys[record];
  }

  public int left(int record) {
    return (int) (keys[record] >>> 32);
  }

  public int right(int record) {
    return (int) keys[record];
  }

  long count(int record) {
    return counts[record];
  }

  void addToCount(int record, long change) {
    counts[record] = Math.addExact(counts[record], change);
  }

  void lowerCount(long key, long by) {
    int record = find(key);
    if (record >= 0) {
      addToCount(record, -by);
    }
  }

  long queuedCount(int record) {
    return queuedCounts[record];
  }

  public void setQueuedCount(int record, long count) {
    queuedCounts[record] = count;
  }

  int list(int record) {
    return lists[record];
  }

  void setList(int record, int address) {
    lists[record] = address;
  }
}
