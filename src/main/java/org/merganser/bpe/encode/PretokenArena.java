package org.merganser.bpe.encode;

import static org.merganser.binary.LittleEndian.INT;
import static org.merganser.binary.LittleEndian.LONG;

import java.util.Arrays;
import org.merganser.binary.LittleEndianWords;
import org.merganser.bpe.IdBuffer;

/**
 * The ids of pretokens that do not fit a {@link PretokenCache}: up to {@value #LONGEST} bytes and
 * {@value #MOST_IDS} ids. The bytes and ids of a pretoken are adjacent in one array, in order of
 * arrival, so that repeated text reads the array sequentially. Not thread-safe.
 *
 * <p>The size is bounded: when an entry does not fit, all others are removed. A key is searched in
 * at most {@value #PROBES} slots.
 *
 * <p>An entry begins at a multiple of eight. It has four bytes of kind and length of the key, four
 * with the number of ids, the key, padding to a multiple of eight, and the ids, four bytes each;
 * they are absent if ids are only counted.
 */
final class PretokenArena {
  /** The maximum length of a pretoken in bytes. */
  static final int LONGEST = 512;

  /**
   * The maximum number of ids of a pretoken, which the caller checks: the largest entry, of 8 + 512
   * + 4 * 2048 bytes, then fits the smallest array. Only affixes that fall back to bytes give a
   * pretoken more ids than it has bytes.
   */
  static final int MOST_IDS = 4 * LONGEST;

  /** The kind of a key that is a pretoken. */
  static final int PRETOKEN = 0;

  /** The kind of a key that is a part of a pretoken, whose ids may differ. */
  static final int PART = 1 << 16;

  /** The number of slots in which a key may be. */
  private static final int PROBES = 8;

  /** The binary logarithm of the first number of slots. */
  private static final int FIRST_SLOTS_LOG = 8;

  /** The first size of the array of entries. */
  private static final int FIRST_BYTES = 1 << 14;

  /** The bytes of an entry before its key. */
  private static final int HEADER = 8;

  private final boolean onlyCounts;

  /** The maximum size of the array of entries. */
  private final int mostBytes;

  /** The binary logarithm of the maximum number of slots. */
  private final int mostSlotsLog;

  /** The hash in the upper half; in the lower half the entry's start divided by eight, plus one. */
  private long[] slots = {};

  /** The shift of a hash to a slot. */
  private int shift;

  /** The number of entries since all were last removed. */
  private int entries;

  /** The entries are in {@code arena[0, used)}. */
  private byte[] arena = new byte[FIRST_BYTES];

  /** The number of used bytes of {@link #arena}. */
  private int used;

  /**
   * @param onlyCounts whether ids are only counted: {@link #find} then sets only the size of the
   *     buffer
   * @param mostBytes the bound of keys and ids together, a power of two of at least {@value
   *     #FIRST_BYTES}; slots take a quarter more
   */
  PretokenArena(boolean onlyCounts, int mostBytes) {
    this.onlyCounts = onlyCounts;
    this.mostBytes = mostBytes;
    int bytesOfSlots = mostBytes / 4;
    this.mostSlotsLog =
        Math.max(FIRST_SLOTS_LOG, Integer.numberOfTrailingZeros(bytesOfSlots / Long.BYTES));
    allocate(FIRST_SLOTS_LOG);
  }

  /** Loads the slot of a pretoken, so that the processor fetches it; the value has no meaning. */
  long touch(byte[] text, int from, int length) {
    return slots[LittleEndianWords.hash(text, from, length, PRETOKEN) >>> shift];
  }

  /**
   * Appends the ids of a key.
   *
   * @param kind {@link #PRETOKEN} or {@link #PART}
   * @return false, without appending, if the key {@code text[from, to)} of this kind is not here
   */
  boolean find(byte[] text, int from, int to, int kind, IdBuffer out) {
    int length = to - from;
    int hash = LittleEndianWords.hash(text, from, length, kind);
    int slot = hash >>> shift;
    for (int i = slot; i < slot + PROBES; i++) {
      long found = slots[i];
      if (found == 0) {
        return false;
      }
      if ((int) (found >>> 32) == hash) {
        int at = ((int) found - 1) << 3;
        if ((int) INT.get(arena, at) == (kind | length)
            && isKey(text, from, length, arena, at + HEADER)) {
          append(at, length, out);
          return true;
        }
      }
    }
    return false;
  }

  /** Appends the ids of an entry, whose key has {@code length} bytes. */
  private void append(int entry, int length, IdBuffer out) {
    byte[] bytes = arena;
    int count = (int) INT.get(bytes, entry + 4);
    int[] ids = out.ensure(count);
    int size = out.size();
    int at = entry + HEADER + padded(length);
    int stored = onlyCounts ? 0 : count;
    for (int i = 0; i < stored; i++) {
      ids[size + i] = (int) INT.get(bytes, at + Integer.BYTES * i);
    }
    out.setSize(size + count);
  }

  /** The next multiple of eight. */
  private static int padded(int length) {
    return (length + 7) & -8;
  }

  /**
   * Adds the ids {@code ids[first, first + count)} of a key that was not found.
   *
   * @param count at most {@link #MOST_IDS}
   */
  void add(byte[] text, int from, int to, int kind, int[] ids, int first, int count) {
    int length = to - from;
    int stored = onlyCounts ? 0 : count;
    int size = HEADER + padded(length) + padded(Integer.BYTES * stored);
    makeRoom(size);
    int entry = used;
    used += size;
    INT.set(arena, entry, kind | length);
    INT.set(arena, entry + 4, count);
    int keyAt = entry + HEADER;
    if (length < 8) {
      LONG.set(arena, keyAt, LittleEndianWords.load(text, from, length));
    } else {
      System.arraycopy(text, from, arena, keyAt, length);
    }
    int idsAt = keyAt + padded(length);
    for (int i = 0; i < stored; i++) {
      INT.set(arena, idsAt + Integer.BYTES * i, ids[first + i]);
    }
    int hash = LittleEndianWords.hash(text, from, length, kind);
    insert(((long) hash << 32) | ((entry >>> 3) + 1));
    entries++;
  }

  /** Makes room for an entry of {@code size} bytes: grows what is full, or removes all entries. */
  private void makeRoom(int size) {
    boolean slotsFull = 2 * entries > slots.length;
    boolean arenaFull = used + size > arena.length;
    if (!slotsFull && !arenaFull) {
      return;
    }
    boolean canGrowSlots = 32 - shift < mostSlotsLog;
    if ((slotsFull && !canGrowSlots) || used + size > mostBytes) {
      Arrays.fill(slots, 0);
      entries = 0;
      used = 0;
      return;
    }
    if (arenaFull) {
      arena = Arrays.copyOf(arena, Math.min(mostBytes, 4 * arena.length));
    }
    if (slotsFull) {
      growSlots();
    }
  }

  /** Makes the slots four times as many, or as many as there may be. */
  private void growSlots() {
    long[] old = slots;
    allocate(Math.min(mostSlotsLog, 32 - shift + 2));
    for (long content : old) {
      if (content != 0) {
        insert(content);
      }
    }
  }

  /** Makes 2^{@code slotsLog} empty slots, and as many more as a search needs at their end. */
  private void allocate(int slotsLog) {
    slots = new long[(1 << slotsLog) + PROBES];
    shift = 32 - slotsLog;
  }

  /**
   * Puts the content of a slot in the first free one of those where its key is searched, or in the
   * last of these if none is free.
   */
  private void insert(long content) {
    int slot = (int) (content >>> 32) >>> shift;
    int last = slot + PROBES - 1;
    while (slot < last && slots[slot] != 0) {
      slot++;
    }
    slots[slot] = content;
  }

  /** Whether {@code text[from, from + length)} is the key at {@code at}, eight bytes at a time. */
  private static boolean isKey(byte[] text, int from, int length, byte[] arena, int at) {
    if (length < 8) {
      return LittleEndianWords.load(text, from, length) == (long) LONG.get(arena, at);
    }
    for (int i = 0; i <= length - 8; i += 8) {
      if ((long) LONG.get(text, from + i) != (long) LONG.get(arena, at + i)) {
        return false;
      }
    }
    int last = length - 8;
    return (long) LONG.get(text, from + last) == (long) LONG.get(arena, at + last);
  }
}
