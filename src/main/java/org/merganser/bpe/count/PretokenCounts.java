package org.merganser.bpe.count;

import static org.merganser.binary.LittleEndian.LONG;

import java.util.Arrays;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.merganser.binary.HashMultiplier;
import org.merganser.binary.LittleEndianWords;

/**
 * Counts of distinct pretokens: open addressing over raw bytes. Not thread-safe.
 *
 * <p>A pretoken of 1 to 15 bytes, which nearly all are, is its own key: its bytes are in two
 * little-endian longs, zero-padded, with the length in the top byte, so that {@code " the"} becomes
 * {@code low = 0x00000000_65687420}, {@code high = 0x04000000_00000000}. A slot is three longs
 * (low, high, count), empty where high is 0, and a hit is two loads, two masks, one hash and one
 * increment. For a longer pretoken, low is a hash, the top byte of high is 16, and the rest of high
 * is its index among the {@link #longer} ones. When half of the slots are in use, the table
 * doubles. Cost: 48 to 96 bytes a distinct pretoken, and the bytes of a longer one; no allocation
 * for an occurrence. Measured and slower: a small table of recent pretokens, and hashing several
 * pretokens first.
 *
 * <p>A numbered table has a fourth long in each slot. Its lower half is the number of the pretoken
 * in the order of first occurrences since the last {@link #restartNumbers}; its upper half says
 * since which restart.
 */
public final class PretokenCounts {
  /** Receives the entries of a table. */
  @FunctionalInterface
  public interface Visitor {
    /**
     * Receives a pretoken and its count. The array is only valid during the call.
     *
     * @param count how often {@code bytes[from, to)} occurred
     */
    void visit(byte[] bytes, int from, int to, long count);
  }

  /** The maximum length of a pretoken that is its own key. */
  private static final int SHORT = 15;

  /** The bytes of the two longs of a key. */
  private static final int KEY_BYTES = 16;

  /** The high long of a longer pretoken is this plus its index. */
  private static final long LONGER = (SHORT + 1L) << 56;

  /** The number of slots of a new table. */
  private static final int INITIAL_SLOTS = 1 << 12;

  /** The longs of a slot in a table with numbers. */
  private static final int NUMBERED = 4;

  /** The longs of a slot in a table without numbers. */
  private static final int PLAIN = 3;

  /** The index in a slot of the high long; that of the low one is 0. */
  static final int HIGH = 1;

  /** The index in a slot of the count. */
  private static final int COUNT = 2;

  /** The index of the number in a slot of a table with numbers. */
  private static final int NUMBER = 3;

  /** {@link #NUMBERED} or {@link #PLAIN}. */
  private final int width;

  /** The slots; a slot is named by the index of its first long. */
  private long[] table;

  /** The shift of a hash to the number of a slot. */
  private int shift = 64 - Integer.numberOfTrailingZeros(INITIAL_SLOTS);

  /** The number of slots in use. */
  private int used;

  /** When this many slots are in use, the table doubles. */
  private int growAt = INITIAL_SLOTS / 2;

  /** The sum of all counts. */
  private long total;

  /** The pretokens of more than {@link #SHORT} bytes. */
  private final LongPretokens longer = new LongPretokens();

  /** How often numbering began; a number is valid if its slot has this in the upper half. */
  private int restarts = 1;

  /** The number of the next pretoken that has none. */
  private int nextNumber;

  /** A table without numbers. */
  public PretokenCounts() {
    this(/* numbered= */ false);
  }

  /**
   * @param numbered whether pretokens have numbers, so that {@link #number} can be called
   */
  public PretokenCounts(boolean numbered) {
    width = numbered ? NUMBERED : PLAIN;
    table = new long[width * INITIAL_SLOTS];
  }

  /** Removes the numbers of all pretokens; the next one that {@link #number} meets has number 0. */
  public void restartNumbers() {
    restarts++;
    nextNumber = 0;
  }

  /**
   * Counts adjacent pretokens once each.
   *
   * @param start where pretoken 0 begins in {@code text}
   * @param ends where each pretoken ends, which is where the next one begins
   * @param count the number of pretokens
   * @throws ArithmeticException if the sum of all counts exceeds a long; nothing is counted then
   * @throws IllegalArgumentException for an empty pretoken; those before it are counted
   */
  public void addAll(byte[] text, int start, int[] ends, int count) {
    addAll(text, start, ends, count, 1);
  }

  /**
   * Counts adjacent pretokens several times each.
   *
   * @param times how often each is counted, 1 or more
   * @throws ArithmeticException if the sum of all counts exceeds a long; nothing is counted then
   * @throws IllegalArgumentException for {@code times} below 1, or for an empty pretoken; those
   *     before it are counted
   * @throws IllegalStateException if the distinct pretokens do not fit the largest table; {@link
   *     #total} is then still the sum of the counts
   */
  public void addAll(byte[] text, int start, int[] ends, int count, long times) {
    if (times < 1) {
      throw new IllegalArgumentException(times + " times; a pretoken is counted once or more");
    }
    addChecked(text, start, ends, count, times, null);
  }

  /**
   * Counts like {@link #addAll(byte[], int, int[], int, long)}, and numbers the pretokens.
   *
   * @param times how often each is counted; 0 for pretokens that are numbered but not counted
   * @param numbers receives, from index 0 on, the number of each pretoken; for the first occurrence
   *     since {@link #restartNumbers} its complement, which is negative
   * @throws IllegalStateException if the table is not numbered
   */
  public void number(byte[] text, int start, int[] ends, int count, long times, int[] numbers) {
    if (width == PLAIN) {
      throw new IllegalStateException("the table is not numbered");
    }
    if (times < 0) {
      throw new IllegalArgumentException(times + " times; a pretoken is counted 0 times or more");
    }
    addChecked(text, start, ends, count, times, numbers);
  }

  /**
   * Adds {@code count} to the count of {@code bytes[from, to)}.
   *
   * @throws ArithmeticException if the sum of all counts exceeds a long
   * @throws IllegalArgumentException for an empty pretoken or a count below 1
   * @throws IllegalStateException as in {@link #addAll(byte[], int, int[], int, long)}
   */
  public void add(byte[] bytes, int from, int to, long count) {
    if (count < 1) {
      throw new IllegalArgumentException("count " + count + " of a pretoken; it must be 1 or more");
    }
    // No single count exceeds the total, so this one check covers them all.
    long sum = Math.addExact(total, count);
    try {
      addSlowly(bytes, from, to, count);
    } catch (RuntimeException e) {
      total = sumOfCounts();
      throw e;
    }
    total = sum;
  }

  /** The number of pretokens in the table, with those that are only numbered. */
  public int distinct() {
    return used;
  }

  /** The sum of all counts. */
  public long total() {
    return total;
  }

  /** Visits the count of each counted pretoken, in no particular order. */
  public void forEachCount(LongConsumer visitor) {
    for (int slot = 0; slot < table.length; slot += width) {
      if (table[slot + COUNT] != 0) {
        visitor.accept(table[slot + COUNT]);
      }
    }
  }

  /** Visits the counted pretokens in unsigned order of their bytes. */
  public void forEachSorted(Visitor visitor) {
    int[] slots = countedSlots();
    new SlotSort(table, longer).sort(slots);
    visit(slots, visitor);
  }

  /**
   * The table as {@code partitions} packed blocks ({@link PackedCounts}); a pretoken's partition
   * depends on its bytes alone. An empty partition is an array of length 0.
   *
   * @param partitions 1 or more
   */
  public byte[][] pack(int partitions) {
    if (partitions < 1) {
      throw new IllegalArgumentException(partitions + " partitions; at least 1 is needed");
    }
    byte[][] blocks = new byte[partitions][];
    // Sorting within partitions works on data that fits the near caches.
    int[][] slotsOfPartitions = slotsByPartition(partitions);
    SlotSort order = new SlotSort(table, longer);
    for (int p = 0; p < partitions; p++) {
      int[] slots = slotsOfPartitions[p];
      order.sort(slots);
      PackedWriter block = new PackedWriter();
      visit(slots, block::append);
      blocks[p] = block.toBlock();
    }
    return blocks;
  }

  /**
   * Counts and, if {@code numbers} is not null, numbers adjacent pretokens. Keeps {@link #total}
   * true also if one of them cannot be added.
   */
  private void addChecked(
      byte[] text, int start, int[] ends, int count, long times, int @Nullable [] numbers) {
    // The sum of all counts, which is the greatest possible count, is checked before any changes.
    long sum = Math.addExact(total, Math.multiplyExact(count, times));
    try {
      addEach(text, start, ends, count, times, numbers);
    } catch (RuntimeException e) {
      total = sumOfCounts();
      throw e;
    }
    total = sum;
  }

  /** The sum of all counts, from the table. */
  private long sumOfCounts() {
    long sum = 0;
    for (int slot = 0; slot < table.length; slot += width) {
      sum += table[slot + COUNT];
    }
    return sum;
  }

  /** Adds adjacent pretokens, and their numbers to {@code numbers} if that is not null. */
  private void addEach(
      byte[] text, int start, int[] ends, int count, long times, int @Nullable [] numbers) {
    int from = start;
    // The 16 bytes from a later place on would exceed the array.
    int lastKey = text.length - KEY_BYTES;
    for (int i = 0; i < count; i++) {
      int to = ends[i];
      int length = to - from;
      int number;
      if (length > 0 && length <= SHORT && from <= lastKey) {
        long low = LittleEndianWords.lowInside(text, from, length);
        number = addShort(low, LittleEndianWords.highInside(text, from, length), times);
      } else {
        number = addSlowly(text, from, to, times);
      }
      if (numbers != null) {
        numbers[i] = number;
      }
      from = to;
    }
  }

  /** Adds a pretoken of any length, at any place of the array; returns its number. */
  private int addSlowly(byte[] bytes, int from, int to, long count) {
    int length = to - from;
    if (length <= 0) {
      throw new IllegalArgumentException(
          "pretoken [" + from + ", " + to + ") is empty; a pretoken has 1 byte or more");
    }
    if (length > SHORT) {
      return addLonger(bytes, from, to, count);
    }
    return addShort(
        LittleEndianWords.low(bytes, from, length),
        LittleEndianWords.high(bytes, from, length),
        count);
  }

  /**
   * Adds a pretoken of up to {@link #SHORT} bytes, which are its key; returns its number, or 0 in a
   * table without numbers.
   */
  private int addShort(long low, long high, long count) {
    long[] slots = table;
    int slot = width * (int) (hashOfKey(low, high) >>> shift);
    while (true) {
      long there = slots[slot + HIGH];
      if (there == high && slots[slot] == low) {
        slots[slot + COUNT] += count;
        return numberOf(slots, slot);
      }
      if (there == 0) {
        return insert(slot, low, high, count);
      }
      slot += width;
      if (slot == slots.length) {
        slot = 0;
      }
    }
  }

  /**
   * The number of a slot's pretoken; if it had none, the complement of a new one. 0 in a table
   * without numbers.
   */
  private int numberOf(long[] slots, int slot) {
    if (width == PLAIN) {
      return 0;
    }
    long number = slots[slot + NUMBER];
    if (number >>> 32 == restarts) {
      return (int) number;
    }
    slots[slot + NUMBER] = ((long) restarts << 32) | nextNumber;
    return ~nextNumber++;
  }

  /** Adds a pretoken of more than {@link #SHORT} bytes; returns its number. */
  private int addLonger(byte[] bytes, int from, int to, long count) {
    long[] slots = table;
    long low = hashOfBytes(bytes, from, to);
    int slot = width * (int) (hashOfKey(low, LONGER) >>> shift);
    while (slots[slot + HIGH] != 0) {
      if (slots[slot] == low && isLonger(slots[slot + HIGH])) {
        if (longer.isEqual((int) slots[slot + HIGH], bytes, from, to)) {
          slots[slot + COUNT] += count;
          return numberOf(slots, slot);
        }
      }
      slot += width;
      if (slot == slots.length) {
        slot = 0;
      }
    }
    return insert(slot, low, LONGER | longer.add(bytes, from, to), count);
  }

  /** Whether the high long of a slot is that of a pretoken of more than {@link #SHORT} bytes. */
  static boolean isLonger(long high) {
    return high >>> 56 > SHORT;
  }

  /** The length of a pretoken of up to {@link #SHORT} bytes, by the high long of its slot. */
  static int lengthOfShort(long high) {
    return (int) (high >>> 56);
  }

  /** Fills an empty slot; returns the number of its pretoken. */
  private int insert(int slot, long low, long high, long count) {
    table[slot] = low;
    table[slot + HIGH] = high;
    table[slot + COUNT] = count;
    int number = numberOf(table, slot);
    if (++used >= growAt) {
      grow();
    }
    return number;
  }

  /**
   * A hash of 8 bytes or more, which is the low long of a longer pretoken. It must never change, as
   * {@link #hashOfSlot}.
   */
  private static long hashOfBytes(byte[] bytes, int from, int to) {
    long h = (to - from) * HashMultiplier.GOLDEN_RATIO;
    int at = from;
    for (; at + 8 <= to; at += 8) {
      h = mix(h ^ (long) LONG.get(bytes, at));
    }
    if (at < to) {
      // The last 8 bytes, of which some were hashed already.
      h = mix(h ^ (long) LONG.get(bytes, to - 8));
    }
    return h ^ (h >>> 29);
  }

  /** Spreads a change of any bit over all bits. */
  private static long mix(long h) {
    long m = (h ^ (h >>> 32)) * HashMultiplier.DEGSKI;
    return m ^ (m >>> 32);
  }

  /** The hash of a key, whose upper bits select a slot. */
  private static long hashOfKey(long low, long high) {
    long h = low ^ (high * HashMultiplier.GOLDEN_RATIO);
    h ^= h >>> 32;
    return h * HashMultiplier.DEGSKI;
  }

  /**
   * The hash of a slot's pretoken. It depends on the bytes alone and must never change, since it
   * also selects the {@link #partition}, and so the file, of a pretoken.
   */
  private static long hashOfSlot(long[] table, int slot) {
    long high = table[slot + HIGH];
    return hashOfKey(table[slot], isLonger(high) ? LONGER : high);
  }

  /** Doubles the table and puts all slots into it again. */
  private void grow() {
    long[] old = table;
    if (old.length > Integer.MAX_VALUE / 2) {
      throw new IllegalStateException(
          used + " distinct pretokens fill the largest table; count in smaller units");
    }
    long[] slots = new long[2 * old.length];
    shift--;
    growAt *= 2;
    for (int from = 0; from < old.length; from += width) {
      if (old[from + HIGH] != 0) {
        int slot = width * (int) (hashOfSlot(old, from) >>> shift);
        while (slots[slot + HIGH] != 0) {
          slot += width;
          if (slot == slots.length) {
            slot = 0;
          }
        }
        System.arraycopy(old, from, slots, slot, width);
      }
    }
    table = slots;
  }

  /** Visits the pretokens of slots in the order of the array. */
  private void visit(int[] slots, Visitor visitor) {
    byte[] key = new byte[KEY_BYTES];
    for (int slot : slots) {
      long high = table[slot + HIGH];
      long count = table[slot + COUNT];
      if (isLonger(high)) {
        int index = (int) high;
        visitor.visit(longer.bytes(), longer.start(index), longer.end(index), count);
      } else {
        LONG.set(key, 0, table[slot]);
        LONG.set(key, 8, high);
        visitor.visit(key, 0, lengthOfShort(high), count);
      }
    }
  }

  /** The slots of the counted pretokens of each partition, in the order of the table. */
  private int[][] slotsByPartition(int partitions) {
    int[] counted = countedSlots();
    int[] sizes = new int[partitions];
    for (int slot : counted) {
      sizes[partition(slot, partitions)]++;
    }
    int[][] slots = new int[partitions][];
    Arrays.setAll(slots, p -> new int[sizes[p]]);
    int[] filled = new int[partitions];
    for (int slot : counted) {
      int p = partition(slot, partitions);
      slots[p][filled[p]++] = slot;
    }
    return slots;
  }

  /** The upper 31 bits of the hash, scaled to {@code [0, partitions)}. */
  private int partition(int slot, int partitions) {
    return (int) (((hashOfSlot(table, slot) >>> 33) * partitions) >>> 31);
  }

  /** The slots of the pretokens with a count, in the order of the table. */
  private int[] countedSlots() {
    int[] slots = new int[used];
    int n = 0;
    for (int slot = 0; slot < table.length; slot += width) {
      if (table[slot + COUNT] != 0) {
        slots[n++] = slot;
      }
    }
    return n == used ? slots : Arrays.copyOf(slots, n);
  }
}
