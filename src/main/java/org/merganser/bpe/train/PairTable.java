package org.merganser.bpe.train;

import java.util.Arrays;
import java.util.function.IntPredicate;
import org.merganser.binary.HashMultiplier;

/**
 * Pairs of symbols with their counts, their queued counts, and the addresses of their lists.
 *
 * <p>A pair is packed as {@code left << 32 | right}; (3, 7) becomes 0x0000_0003_0000_0007, and the
 * order of the packed values breaks ties. Records are numbered from 0 in order of arrival; {@link
 * #retain} renumbers them.
 */
public final class PairTable {
  /** The queued count of a record that is not in the queue. */
  static final long UNQUEUED = -1;

  private static final int INITIAL_RECORDS = 1 << 11;

  /** The share of slots above which their number doubles. */
  private static final double MAX_LOAD = 0.6;

  /** An open-addressing index: the number of a record plus 1, or 0. */
  private int[] slots;

  /** The shift of a hash to a slot. */
  private int shift;

  /** By record, its pair as {@link #key(int, int)} packs it. */
  private long[] keys = new long[INITIAL_RECORDS];

  /** By record, how often its pair occurs. */
  private long[] counts = new long[INITIAL_RECORDS];

  /** By record, the count by which it was last queued, or {@link #UNQUEUED}. */
  private long[] queuedCounts = new long[INITIAL_RECORDS];

  /** By record, the address of its list in {@link OccurrenceLists}, or {@code NONE}. */
  private int[] lists = new int[INITIAL_RECORDS];

  /** The number of records. */
  private int size;

  /** An empty table. */
  public PairTable() {
    slots = new int[2 * INITIAL_RECORDS];
    shift = shift(slots.length);
  }

  /** A pair as one number: {@code left << 32 | right}. */
  public static long key(int left, int right) {
    return ((long) left << 32) | right;
  }

  /** The record of a pair, -1 if it has none. */
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
      growRecords();
    }
    keys[size] = key;
    counts[size] = 0;
    queuedCounts[size] = UNQUEUED;
    lists[size] = OccurrenceLists.NONE;
    slots[slot] = ++size;
    if (size > slots.length * MAX_LOAD) {
      slots = new int[2 * slots.length];
      shift = shift(slots.length);
      fillSlots();
    }
    return size - 1;
  }

  /**
   * Keeps, in order, the queued records that pass a test, and renumbers them.
   *
   * @param renumbering receives each kept record before its data is moved
   */
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

  /** Removes all records. */
  void clear() {
    size = 0;
    Arrays.fill(slots, 0);
  }

  /**
   * The lowest threshold, at least {@code floor}, that the counts of at most {@code most} queued
   * records reach; or the highest count if more than {@code most} of them have it.
   */
  long queuedThreshold(int most, long floor) {
    long[] queued = new long[size];
    int n = 0;
    for (int record = 0; record < size; record++) {
      if (queuedCounts[record] != UNQUEUED) {
        queued[n++] = counts[record];
      }
    }
    return threshold(queued, n, most, floor);
  }

  /**
   * The lowest threshold, at least {@code floor}, that at most {@code most} of {@code counts[0, n)}
   * reach; or the highest count if more than {@code most} equal it. Sorts the counts.
   */
  public static long threshold(long[] counts, int n, int most, long floor) {
    if (n <= most) {
      return floor;
    }
    Arrays.sort(counts, 0, n);
    return Math.max(floor, Math.min(counts[n - 1 - most] + 1, counts[n - 1]));
  }

  /** The number of records. */
  public int size() {
    return size;
  }

  /** The pair of a record, as {@link #key(int, int)} packs it. */
  long keyOf(int record) {
    return keys[record];
  }

  /** The left symbol of a record's pair. */
  public int left(int record) {
    return (int) (keys[record] >>> 32);
  }

  /** The right symbol of a record's pair. */
  public int right(int record) {
    return (int) keys[record];
  }

  /** How often a record's pair occurs. */
  long count(int record) {
    return counts[record];
  }

  /**
   * Adds to the count of a record; {@code change} can be negative.
   *
   * @throws ArithmeticException if the count exceeds a long
   */
  void addToCount(int record, long change) {
    counts[record] = Math.addExact(counts[record], change);
  }

  /** Lowers the count of a pair; does nothing if the pair has no record. */
  void lowerCount(long key, long by) {
    int record = find(key);
    if (record >= 0) {
      addToCount(record, -by);
    }
  }

  /** The count by which a record was last queued, or {@link #UNQUEUED}. */
  long queuedCount(int record) {
    return queuedCounts[record];
  }

  /** Notes the count by which a record is queued; only queued records are retained. */
  void setQueuedCount(int record, long count) {
    queuedCounts[record] = count;
  }

  /** Lets {@link #retain} keep a record whose order has queues and counts of its own. */
  public void markQueuedElsewhere(int record) {
    setQueuedCount(record, 0);
  }

  /** The address of a record's list, or {@link OccurrenceLists#NONE}. */
  int list(int record) {
    return lists[record];
  }

  /** Sets the address of a record's list, or {@link OccurrenceLists#NONE}. */
  void setList(int record, int address) {
    lists[record] = address;
  }

  /**
   * The first slot in which a pair may be, from the upper bits of a hash, into which lower bits are
   * mixed.
   */
  private int slot(long key) {
    long h = (key ^ (key >>> 32)) * HashMultiplier.GOLDEN_RATIO;
    return (int) ((h ^ (h << 21)) >>> shift);
  }

  /** The shift of a 64-bit hash to one of {@code slots}, a power of two. */
  private static int shift(int slots) {
    return 64 - Integer.numberOfTrailingZeros(slots);
  }

  /** Makes room for half as many records more. */
  private void growRecords() {
    int larger = size + (size >> 1);
    keys = Arrays.copyOf(keys, larger);
    counts = Arrays.copyOf(counts, larger);
    queuedCounts = Arrays.copyOf(queuedCounts, larger);
    lists = Arrays.copyOf(lists, larger);
  }

  /** Enters all records into the empty slots. */
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

  /** Receives the new numbers of records. */
  @FunctionalInterface
  public interface Renumbering {
    /** The record {@code from} now has the number {@code to}, which is not larger. */
    void move(int from, int to);
  }
}
