package org.merganser.bpe.count;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Counts of distinct pretokens: open addressing over raw bytes stored back to back. For one thread.
 *
 * <p>A pretoken of 1 to 15 bytes, which nearly all are, is its own key: its bytes lie zero-padded
 * in two little-endian longs and the length in the top byte, so that {@code " the"} becomes {@code
 * low = 0x00000000_65687420}, {@code high = 0x04000000_00000000}. A slot is four longs (low, high,
 * count, number), empty where high is 0, and a hit is two loads, two masks, one hash and one
 * increment. Longer ones go to {@link LongPretokens}. Both grow by doubling; nothing is allocated
 * for a pretoken. Cost: about 32 to 80 bytes a distinct pretoken ({@link #memoryBytes}). A small
 * table of the last pretokens before it, or hashing several pretokens first, is slower.
 *
 * <p>Distinct pretokens are numbered from 0 in the order of their first occurrence.
 */
public final class PretokenCounts {

  /** Called for each entry of {@link #forEachSorted}. */
  @FunctionalInterface
  public interface Visitor {
    /** {@code bytes[from, to)} occurred {@code count} times; the array is only lent. */
    void visit(byte[] bytes, int from, int to, long count);
  }

  /** Bytes of the longest pretoken that is its own key. */
  static final int SHORT = 15;

  /** Bytes read for a key: two longs. */
  private static final int KEY_BYTES = 16;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** Masks of the low and high long for each length. */
  private static final long[] LOW = new long[SHORT + 1];

  private static final long[] HIGH = new long[SHORT + 1];

  static {
    for (int length = 1; length <= SHORT; length++) {
      LOW[length] = length >= 8 ? -1L : -1L >>> (64 - 8 * length);
      HIGH[length] = length <= 8 ? 0L : -1L >>> (64 - 8 * (length - 8));
    }
  }

  private static final int INITIAL_SLOTS = 1 << 12;

  /** Longs of a slot, and the place of the number in it. */
  private static final int SLOT = 4;

  private static final int NUMBER = 3;

  private long[] table = new long[SLOT * INITIAL_SLOTS];
  private int shift = 64 - Integer.numberOfTrailingZeros(INITIAL_SLOTS);
  private int used;
  private int growAt = INITIAL_SLOTS / 2;
  private long total;
  private final LongPretokens longer = new LongPretokens();
  private final ByShortKey byShortKey = new ByShortKey();
  private final byte[] scratch = new byte[KEY_BYTES];

  public PretokenCounts() {}

  /** Counts adjacent pretokens once each; the arguments are those of {@code text.PretokenSink}. */
  public void addAll(byte[] text, int start, int[] ends, int count) {
    addAll(text, start, ends, count, 1);
  }

  /**
   * As {@link #addAll(byte[], int, int[], int)}, each as often as {@code times} says.
   *
   * @param times 1 or more
   * @throws ArithmeticException when the sum of all counts exceeds a long
   */
  public void addAll(byte[] text, int start, int[] ends, int count, long times) {
    long sum = Math.addExact(total, Math.multiplyExact(count, times));
    int from = start;
    // Past this place two longs would reach beyond the array.
    int lastKey = text.length - KEY_BYTES;
    for (int i = 0; i < count; i++) {
      int to = ends[i];
      int length = to - from;
      if (length > 0 && length <= SHORT && from <= lastKey) {
        long low = (long) LONG.get(text, from) & LOW[length];
        long high = ((long) LONG.get(text, from + 8) & HIGH[length]) | (long) length << 56;
        addShort(low, high, times);
      } else {
        addSlowly(text, from, to, times);
      }
      from = to;
    }
    total = sum;
  }

  /**
   * As {@link #addAll(byte[], int, int[], int)}, telling the number of each pretoken.
   *
   * @param counts whether they are counted; those that are not only have numbers: they are in no
   *     packed table
   * @param numbers takes them, from 0 on
   */
  public void number(byte[] text, int start, int[] ends, int count, boolean counts, int[] numbers) {
    int times = counts ? 1 : 0;
    long sum = Math.addExact(total, (long) count * times);
    int from = start;
    int lastKey = text.length - KEY_BYTES;
    for (int i = 0; i < count; i++) {
      int to = ends[i];
      int length = to - from;
      if (length > 0 && length <= SHORT && from <= lastKey) {
        long low = (long) LONG.get(text, from) & LOW[length];
        long high = ((long) LONG.get(text, from + 8) & HIGH[length]) | (long) length << 56;
        numbers[i] = addShort(low, high, times);
      } else {
        numbers[i] = addSlowly(text, from, to, times);
      }
      from = to;
    }
    total = sum;
  }

  /**
   * Adds {@code count} to the count of {@code bytes[from, to)}.
   *
   * @throws ArithmeticException when the sum of all counts exceeds a long
   * @throws IllegalArgumentException for an empty pretoken or a count below 1
   */
  public void add(byte[] bytes, int from, int to, long count) {
    if (count < 1) {
      throw new IllegalArgumentException("count " + count + " of a pretoken; it must be 1 or more");
    }
    // No single count exceeds the total, so this one check covers them all.
    long sum = Math.addExact(total, count);
    addSlowly(bytes, from, to, count);
    total = sum;
  }

  private int addSlowly(byte[] bytes, int from, int to, long count) {
    int length = to - from;
    if (length <= 0) {
      throw new IllegalArgumentException(
          "pretoken [" + from + ", " + to + ") is empty; a pretoken has 1 byte or more");
    }
    if (length > SHORT) {
      return longer.add(bytes, from, to, count, distinct());
    }
    System.arraycopy(bytes, from, scratch, 0, length);
    return addShort(
        (long) LONG.get(scratch, 0) & LOW[length],
        ((long) LONG.get(scratch, 8) & HIGH[length]) | (long) length << 56,
        count);
  }

  /** Returns the number of the pretoken. */
  private int addShort(long low, long high, long count) {
    long[] slots = table;
    int slot = SLOT * (int) (hash(low, high) >>> shift);
    while (true) {
      long there = slots[slot + 1];
      if (there == high && slots[slot] == low) {
        slots[slot + 2] += count;
        return (int) slots[slot + NUMBER];
      }
      if (there == 0) {
        slots[slot] = low;
        slots[slot + 1] = high;
        slots[slot + 2] = count;
        int number = distinct();
        slots[slot + NUMBER] = number;
        if (++used >= growAt) {
          grow();
        }
        return number;
      }
      slot += SLOT;
      if (slot == slots.length) {
        slot = 0;
      }
    }
  }

  /** Depends on the bytes alone, for ever: it also chooses the partition. */
  private static long hash(long low, long high) {
    long h = low ^ high * 0x9E3779B97F4A7C15L;
    h ^= h >>> 32;
    return h * 0xD6E8FEB86659FD93L;
  }

  private void grow() {
    long[] old = table;
    if (old.length > Integer.MAX_VALUE / 2) {
      throw new IllegalStateException(
          used + " distinct pretokens fill the largest table; count in smaller units");
    }
    long[] slots = new long[2 * old.length];
    shift--;
    growAt *= 2;
    for (int from = 0; from < old.length; from += SLOT) {
      if (old[from + 1] != 0) {
        int slot = SLOT * (int) (hash(old[from], old[from + 1]) >>> shift);
        while (slots[slot + 1] != 0) {
          slot += SLOT;
          if (slot == slots.length) {
            slot = 0;
          }
        }
        slots[slot] = old[from];
        slots[slot + 1] = old[from + 1];
        slots[slot + 2] = old[from + 2];
        slots[slot + NUMBER] = old[from + NUMBER];
      }
    }
    table = slots;
  }

  /** Those that only have a number included. */
  public int distinct() {
    return used + longer.size();
  }

  /** The sum of all counts. */
  long total() {
    return total;
  }

  /** Bytes of the arrays that hold the table. */
  public long memoryBytes() {
    return 8L * table.length + longer.memoryBytes();
  }

  /** Visits every pretoken in the order of the numbers; a count is 0 where none was counted. */
  public void forEachNumbered(Visitor visitor) {
    int[] entries = new int[distinct()]; // a slot, or a long one's entry below 0
    for (int slot = 0; slot < table.length; slot += SLOT) {
      if (table[slot + 1] != 0) {
        entries[(int) table[slot + NUMBER]] = slot;
      }
    }
    for (int entry = 0; entry < longer.size(); entry++) {
      entries[longer.number(entry)] = ~entry;
    }
    byte[] key = new byte[KEY_BYTES];
    for (int entry : entries) {
      if (entry < 0) {
        longer.visit(~entry, visitor);
      } else {
        visit(entry, key, visitor);
      }
    }
  }

  private void visit(int slot, byte[] key, Visitor visitor) {
    long high = table[slot + 1];
    LONG.set(key, 0, table[slot]);
    LONG.set(key, 8, high);
    visitor.visit(key, 0, (int) (high >>> 56), table[slot + 2]);
  }

  /** Visits every entry that was counted, in unsigned order of the bytes. */
  public void forEachSorted(Visitor visitor) {
    int[] shorts = usedSlots();
    byShortKey.sort(shorts);
    visitMerged(shorts, longer.sorted(longer.entries()), visitor);
  }

  /**
   * The table as {@code partitions} packed blocks ({@link PackedCounts}); a pretoken's partition
   * depends on its bytes alone. An empty partition is an empty block: an array of length 0.
   *
   * @param partitions 1 or more
   */
  public byte[][] pack(int partitions) {
    if (partitions < 1) {
      throw new IllegalArgumentException(partitions + " partitions; at least 1 is needed");
    }
    // Partitions first and sorting within each: what is sorted and read then fits the near caches.
    HashPartitions shorts =
        new HashPartitions(partitions, usedSlots(), slot -> hash(table[slot], table[slot + 1]));
    HashPartitions longs = new HashPartitions(partitions, longer.entries(), longer::hash);
    byte[][] blocks = new byte[partitions][];
    for (int partition = 0; partition < partitions; partition++) {
      int[] slots = shorts.entries(partition);
      byShortKey.sort(slots);
      PackedWriter block = new PackedWriter();
      visitMerged(slots, longer.sorted(longs.entries(partition)), block::append);
      blocks[partition] = block.toBlock();
    }
    return blocks;
  }

  /** Merges sorted short entries with sorted long ones. */
  private void visitMerged(int[] shorts, int[] longs, Visitor visitor) {
    byte[] key = new byte[KEY_BYTES];
    int l = 0;
    for (int slot : shorts) {
      while (l < longs.length && isBefore(longs[l], slot)) {
        longer.visit(longs[l++], visitor);
      }
      visit(slot, key, visitor);
    }
    while (l < longs.length) {
      longer.visit(longs[l++], visitor);
    }
  }

  /**
   * Whether a long entry comes before a short one. Zeros behind the short one change nothing: where
   * sixteen bytes are equal, it is a prefix.
   */
  private boolean isBefore(int entry, int slot) {
    int first = Long.compareUnsigned(longer.eightBytes(entry, 0), byShortKey.key(slot, 0));
    long zero = 0xFF; // the place of the length
    return first != 0
        ? first < 0
        : Long.compareUnsigned(longer.eightBytes(entry, 8), byShortKey.key(slot, 1) & ~zero) < 0;
  }

  private int[] usedSlots() {
    int[] slots = new int[used];
    int n = 0;
    for (int slot = 0; slot < table.length; slot += SLOT) {
      if (table[slot + 2] != 0) {
        slots[n++] = slot;
      }
    }
    return Arrays.copyOf(slots, n);
  }

  /** Sorts slots in unsigned order of the bytes, the shorter first where one is a prefix. */
  private final class ByShortKey extends RadixSort {
    /** Eight bytes at a time, big-endian; the second key ends in the length, which settles ties. */
    @Override
    long key(int slot, int depth) {
      long high = table[slot + 1];
      return depth == 0
          ? Long.reverseBytes(table[slot])
          : Long.reverseBytes(high & 0x00FFFFFF_FFFFFFFFL) | high >>> 56;
    }

    @Override
    boolean hasMore(int slot, int depth) {
      return depth == 0;
    }

    @Override
    int compare(int a, int b) {
      int first = Long.compareUnsigned(key(a, 0), key(b, 0));
      return first != 0 ? first : Long.compareUnsigned(key(a, 1), key(b, 1));
    }
  }
}
