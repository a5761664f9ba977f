package org.merganser.bpe.encode;

import org.merganser.bpe.LittleEndianWords;
import org.merganser.bpe.PackedIds;

/**
 * The ids of words of {@value #SHORTEST} to {@value #LONGEST} bytes, found again by their bytes, an
 * entry a cache line, so that a look-up waits for memory once: a fifth of the words in Cyrillic or
 * Greek are that long. What {@link PretokenCache} is for shorter ones. For one thread; bounded.
 *
 * <p>Not for scripts whose characters take three bytes. Most have no spaces, a pretoken is half a
 * sentence and seldom met again; a {@link PretokenArena}, which is written forwards, takes those at
 * a lower price.
 *
 * <p>An entry is eight longs. The key is the pretoken's bytes as four little-endian longs, zeros
 * above, with its length in byte 30; byte 31 has the number of ids less one. Then four longs of
 * ids: eight, or sixteen of 16 bits where the vocabulary allows. An empty entry has length 0 and
 * equals no key. Two entries make a set. Where ids are only counted an entry is the key alone.
 */
final class LineCache {
  static final int SHORTEST = 16;
  static final int LONGEST = 30;

  /** The bytes that are read of a text from a key's beginning on. */
  private static final int READ = 32;

  /** The most ids that an entry may hold. */
  static final int MOST_IDS = 16;

  /** The most of which an entry without ids has the number. */
  private static final int MOST_COUNTED = 256;

  /** Hides the number of ids in an entry's fourth long. */
  static final long KEY = -1L >>> 8;

  /** Marks the key of a part of a pretoken; see {@link PretokenCache#PART}. */
  static final long PART = 1L << 55;

  private static final long HIGH_BITS = 0x8080_8080_8080_8080L;
  private static final int LENGTH_SHIFT = 48;
  private static final int COUNT_SHIFT = 56;

  /** An array's first element stands 16 bytes behind its start: six longs on is a cache line. */
  private static final int LEAD = 6;

  private static final int FIRST_SETS_LOG = 6;

  private long[] table = {};
  private int shift;
  private int added;

  private final boolean narrow;
  private final boolean counts;
  private final int setLog;

  /** From an entry to the other one of its set. */
  private final int way;

  private final int mostSetsLog;

  /**
   * @param narrow whether all ids fit 16 bits
   * @param counts whether ids are only counted
   * @param mostBytes of memory, a power of two
   */
  LineCache(boolean narrow, boolean counts, int mostBytes) {
    this.narrow = narrow;
    this.counts = counts;
    this.setLog = counts ? 3 : 4;
    this.way = 1 << setLog - 1;
    this.mostSetsLog = Integer.numberOfTrailingZeros(mostBytes) - setLog - 3;
    allocate(FIRST_SETS_LOG);
  }

  private void allocate(int setsLog) {
    table = new long[LEAD + (1 << setsLog + setLog)];
    shift = 64 - setsLog;
    added = 0;
  }

  /**
   * Whether a pretoken is one of those that are kept here: by its length, with {@value #READ} bytes
   * to be read from its beginning on, and without a first byte of 0xE0 or more in its second eight
   * bytes, which a text of characters of three bytes always has there.
   */
  static boolean takes(byte[] text, int from, int length) {
    if (length < SHORTEST || length > LONGEST || from > text.length - READ) {
      return false;
    }
    long b = LittleEndianWords.word(text, from + 8);
    return (b & b << 1 & b << 2 & HIGH_BITS) == 0;
  }

  /**
   * Where the entry of {@code text[from, from + length)}, which is {@link #takes taken}, begins, or
   * -1.
   *
   * @param kind 0, or {@link #PART}
   */
  int find(byte[] text, int from, int length, long kind) {
    long a = LittleEndianWords.word(text, from);
    long b = LittleEndianWords.word(text, from + 8);
    long c = LittleEndianWords.lowInside(text, from + 16, length - 16);
    long d = last(text, from, length, kind);
    long[] entries = table;
    int set = set(a, b, c, d);
    return is(entries, set, a, b, c, d) || toFront(entries, set, a, b, c, d) ? set : -1;
  }

  private static long last(byte[] text, int from, int length, long kind) {
    return LittleEndianWords.highBytes(text, from + 16, length - 16)
        | (long) length << LENGTH_SHIFT
        | kind;
  }

  private int set(long a, long b, long c, long d) {
    return LEAD
        + ((int) (LittleEndianWords.mix(LittleEndianWords.mix(a, b) ^ c, d) >>> shift) << setLog);
  }

  private static boolean is(long[] table, int at, long a, long b, long c, long d) {
    return table[at] == a && table[at + 1] == b && table[at + 2] == c && (table[at + 3] & KEY) == d;
  }

  /** Whether the second entry is the key's; if so it changes places with the first. */
  private boolean toFront(long[] table, int set, long a, long b, long c, long d) {
    int second = set + way;
    if (!is(table, second, a, b, c, d)) {
      return false;
    }
    for (int i = 0; i < way; i++) {
      long first = table[set + i];
      table[set + i] = table[second + i];
      table[second + i] = first;
    }
    return true;
  }

  /**
   * Writes the ids of an entry, and what stands behind them, to {@code ids[at, at + MOST_IDS)}.
   *
   * @return how many of them are the entry's
   */
  int write(int entry, int[] ids, int at) {
    long[] entries = table;
    int count = count(entry);
    if (narrow) {
      PackedIds.unpackNarrow(entries[entry + 4], ids, at);
      PackedIds.unpackNarrow(entries[entry + 5], ids, at + 4);
      if (count > 8) {
        PackedIds.unpackNarrow(entries[entry + 6], ids, at + 8);
        PackedIds.unpackNarrow(entries[entry + 7], ids, at + 12);
      }
    } else {
      PackedIds.unpackWide(entries[entry + 4], ids, at);
      PackedIds.unpackWide(entries[entry + 5], ids, at + 2);
      if (count > 4) {
        PackedIds.unpackWide(entries[entry + 6], ids, at + 4);
        PackedIds.unpackWide(entries[entry + 7], ids, at + 6);
      }
    }
    return count;
  }

  /** How many ids the entry at {@code entry} stands for. */
  int count(int entry) {
    return (int) (table[entry + 3] >>> COUNT_SHIFT) + 1;
  }

  /** Whether {@code count} ids fit an entry. */
  boolean holds(int count) {
    int most = counts ? MOST_COUNTED : narrow ? MOST_IDS : MOST_IDS / 2;
    return count > 0 && count <= most;
  }

  /**
   * Remembers the ids {@code ids[first, first + count)} of a key, which an entry {@link #holds}.
   */
  void add(byte[] text, int from, int length, long kind, int[] ids, int first, int count) {
    if (added > 1 << 64 - shift && 64 - shift < mostSetsLog) {
      grow();
    }
    long d = last(text, from, length, kind) | (long) (count - 1) << COUNT_SHIFT;
    int at =
        free(
            LittleEndianWords.word(text, from),
            LittleEndianWords.word(text, from + 8),
            LittleEndianWords.lowInside(text, from + 16, length - 16),
            d);
    int each = narrow ? 4 : 2;
    for (int i = 0; i < way - 4; i++) {
      int n = Math.max(0, Math.min(each, count - i * each));
      table[at + 4 + i] = PackedIds.pack(ids, first + i * each, n, narrow);
    }
    added++;
  }

  /**
   * Writes a key to the place of its set that is given up, behind the first entry if there is one.
   */
  private int free(long a, long b, long c, long d) {
    int at = set(a, b, c, d & KEY);
    if (table[at + 3] != 0) {
      at += way;
    }
    table[at] = a;
    table[at + 1] = b;
    table[at + 2] = c;
    table[at + 3] = d;
    return at;
  }

  private void grow() {
    long[] old = table;
    allocate(Math.min(mostSetsLog, 64 - shift + 2));
    for (int from = LEAD; from < old.length; from += way) {
      if (old[from + 3] != 0) {
        int at = free(old[from], old[from + 1], old[from + 2], old[from + 3]);
        System.arraycopy(old, from + 4, table, at + 4, way - 4);
        added++;
      }
    }
  }
}
