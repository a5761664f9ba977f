package org.merganser.bpe.encode;

import static org.merganser.binary.ByteBuilder.LONG;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.merganser.binary.LittleEndianWords;
import org.merganser.bpe.IdBuffer;

/**
 * The ids of pretokens that do not fit a {@link PretokenCache}: up to {@value #LONGEST} bytes and
 * any number of ids. The bytes and ids of a pretoken are adjacent in one array, in order of
 * arrival, so that repeated text reads the array sequentially. Not thread-safe.
 *
 * <p>The size is bounded: a full array is cleared. A key is searched in at most {@value #PROBES}
 * slots.
 *
 * <p>An entry begins at a multiple of eight. It has four bytes of kind and length of the key, four
 * with the number of ids, the key, padding to a multiple of eight, and the ids, four bytes each;
 * they are absent if ids are only counted.
 */
final class PretokenArena {
  static final int LONGEST = 512;

  /**
   * The kind of a key that is a pretoken. A part of a pretoken has another kind, as its ids may
   * differ.
   */
  static final int PRETOKEN = 0;

  static final int PART = 1 << 16;

  private static final int PROBES = 8;
  private static final int FIRST_SLOTS_LOG = 8;

  private static final int FIRST_BYTES = 1 << 14;
  private static final int HEADER = 8;

  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private final boolean counts;
  private final int mostBytes;
  private final int mostSlotsLog;

  /** The hash in the upper half; in the lower half the entry's start divided by eight, plus one. */
  private long[] slots = {};

  private int shift;
  private int entries;
  private byte[] arena = new byte[FIRST_BYTES];

  private int used;

  /**
   * @param counts whether ids are only counted: {@link #find} then sets only the size of the buffer
   * @param mostBytes the bound of keys and ids together, a power of two; slots take a quarter more
   */
  PretokenArena(boolean counts, int mostBytes) {
    this.counts = counts;
    this.mostBytes = mostBytes;
    this.mostSlotsLog = Math.max(FIRST_SLOTS_LOG, 26 - Integer.numberOfLeadingZeros(mostBytes));
    allocate(FIRST_SLOTS_LOG);
  }

  private void allocate(int log) {
    slots = new long[(1 << log) + PROBES];
    shift = 32 - log;
  }

  long touch(byte[] text, int from, int length) {
    return slots[LittleEndianWords.hash(text, from, length, PRETOKEN) >>> shift];
  }

  /** Appends the ids of {@code text[from, to)} and returns true, or returns false. */
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
        if ((int) INTS.get(arena, at) == (kind | length)
            && isKey(text, from, length, arena, at + HEADER)) {
          append(at, length, out);
          return true;
        }
      }
    }
    return false;
  }

  private void append(int entry, int length, IdBuffer out) {
    byte[] bytes = arena;
    int count = (int) INTS.get(bytes, entry + 4);
    int[] ids = out.ensure(count);
    int size = out.size();
    int at = entry + HEADER + (length + 7 & -8);
    for (int i = 0; i < (counts ? 0 : count); i++) {
      ids[size + i] = (int) INTS.get(bytes, at + 4 * i);
    }
    out.setSize(size + count);
  }

  /** Adds the ids {@code ids[first, first + count)} of a key that was not found. */
  void add(byte[] text, int from, int to, int kind, int[] ids, int first, int count) {
    int length = to - from;
    int padded = length + 7 & -8;
    int stored = counts ? 0 : count;
    int size = HEADER + padded + (4 * stored + 7 & -8);
    makeRoom(size);
    int at = used;
    used += size;
    INTS.set(arena, at, kind | length);
    INTS.set(arena, at + 4, count);
    if (length < 8) {
      LONG.set(arena, at + HEADER, LittleEndianWords.load(text, from, length));
    } else {
      System.arraycopy(text, from, arena, at + HEADER, length);
    }
    for (int i = 0; i < stored; i++) {
      INTS.set(arena, at + HEADER + padded + 4 * i, ids[first + i]);
    }
    int hash = LittleEndianWords.hash(text, from, length, kind);
    insert((long) hash << 32 | (at >>> 3) + 1);
    entries++;
  }

  private void makeRoom(int size) {
    if (2 * entries > slots.length || used + size > arena.length) {
      boolean slotsFull = 2 * entries > slots.length && 32 - shift >= mostSlotsLog;
      boolean bytesFull = used + size > mostBytes;
      if (slotsFull || bytesFull) {
        Arrays.fill(slots, 0);
        entries = 0;
        used = 0;
        return;
      }
      if (used + size > arena.length) {
        arena = Arrays.copyOf(arena, Math.min(mostBytes, 4 * arena.length));
      }
      if (2 * entries > slots.length) {
        long[] old = slots;
        allocate(Math.min(mostSlotsLog, 32 - shift + 2));
        for (long slot : old) {
          if (slot != 0) {
            insert(slot);
          }
        }
      }
    }
  }

  private void insert(long entry) {
    int slot = (int) (entry >>> 32) >>> shift;
    int last = slot + PROBES - 1;
    while (slot < last && slots[slot] != 0) {
      slot++;
    }
    slots[slot] = entry;
  }

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
