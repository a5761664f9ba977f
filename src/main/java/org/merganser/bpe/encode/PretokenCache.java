package org.merganser.bpe.encode;

import org.merganser.binary.LittleEndianWords;
import org.merganser.bpe.IdBuffer;
import org.merganser.bpe.PackedIds;

/**
 * The ids of pretokens of 8 to {@value #LONGEST} bytes, and of shorter ones with more ids than a
 * {@link ShortPretokenCache} holds. A {@link PretokenArena} has longer pretokens; {@link
 * CachedEncoder} chooses the cache of a pretoken. Not thread-safe; bounded.
 *
 * <p>An entry is four longs. The first two have the pretoken's 1 to {@value #LONGEST} bytes, and on
 * top of them a byte of marks: "car" is {@code low = 0x0000_0000_0072_6163}, {@code high = 0x03 <<
 * 56}. Bits 0 to 3 of the marks are the length, and bit 7 is {@link #PART}: with these, the two
 * longs are the key. An entry also has the number of ids minus one in bits 4 to 6, so that the
 * marks of "car" with two ids are {@code 0x13}; or {@link #IDS_ELSEWHERE} there if the ids do not
 * fit. Two longs of ids follow. An empty entry has length 0 and equals no key. Two entries form a
 * set of 64 bytes, aligned to a cache line in a large array; a folded 64 by 64 bit product of the
 * key selects it (as in wyhash).
 *
 * <p>If ids are only counted, an entry is the first two longs, and a set half a cache line.
 */
final class PretokenCache extends CacheSets {
  /** The maximum length of a pretoken in bytes. */
  static final int LONGEST = 15;

  /** The maximum number of ids of an entry. */
  private static final int MOST_IDS = 7;

  /** In place of the number of ids minus one, which is 0 to 6: the ids do not fit the entry. */
  static final int IDS_ELSEWHERE = 7;

  /** The maximum number of ids that {@link #write} writes. */
  static final int WRITTEN = 2 * PackedIds.WRITTEN;

  /**
   * Marks the key of a part of a pretoken if parts may have other ids than pretokens (with {@code
   * ignore_merges} only a pretoken is looked up as a token).
   */
  static final long PART = 1L << 63;

  /** The lowest bit of {@link #COUNT}. */
  private static final int COUNT_SHIFT = 60;

  /** The bits of the number of ids minus one, in the second long. */
  private static final long COUNT = 7L << COUNT_SHIFT;

  private final boolean onlyCounts;
  private final PackedIds packing;

  /**
   * @param packing for the ids of the model
   * @param onlyCounts whether ids are only counted
   * @param mostBytes the bound of memory, a power of two
   */
  PretokenCache(PackedIds packing, boolean onlyCounts, int mostBytes) {
    super(onlyCounts ? 2 : 4, /* markAt= */ 1, mostBytes);
    this.packing = packing;
    this.onlyCounts = onlyCounts;
  }

  /** The hash of a key, whose upper bits select a set. */
  static long hash(long low, long high) {
    return LittleEndianWords.mix(high, low);
  }

  @Override
  long hash(long[] entries, int at) {
    return hash(entries[at], entries[at + 1] & ~COUNT);
  }

  /**
   * Compares the second long of an entry with that of a key whose first long is equal.
   *
   * @return the number of ids minus one, or {@link #IDS_ELSEWHERE}; 8 and more, or negative, if the
   *     keys differ
   */
  static long compare(long entry, long high) {
    return Long.rotateLeft(entry ^ high, 64 - COUNT_SHIFT);
  }

  /** Appends the ids of a key; returns {@link #FOUND}, {@link #NEW} or {@link #ELSEWHERE}. */
  int find(long low, long high, IdBuffer out) {
    long[] entries = table();
    int set = set(hash(low, high));
    if (!isOf(low, high, entries, set)) {
      if (!isOf(low, high, entries, second(set))) {
        return NEW;
      }
      toFront(set);
    }
    int lastIndex = (int) compare(entries[set + 1], high);
    if (lastIndex == IDS_ELSEWHERE) {
      return ELSEWHERE;
    }
    int[] ids = out.ensure(WRITTEN);
    if (!onlyCounts) {
      write(packing, entries, set, lastIndex, ids, out.size());
    }
    out.setSize(out.size() + lastIndex + 1);
    return FOUND;
  }

  /** Whether the entry at {@code at} is that of a key. */
  private static boolean isOf(long low, long high, long[] entries, int at) {
    return entries[at] == low && (compare(entries[at + 1], high) & -8) == 0;
  }

  /**
   * Writes the ids of the entry at {@code at} to {@code ids[to]} and on; what follows them, up to
   * {@link #WRITTEN} ids in all, has no meaning.
   *
   * @param lastIndex the number of ids minus one
   * @param ids has room for {@link #WRITTEN} ids from {@code to} on
   */
  static void write(PackedIds packing, long[] entries, int at, int lastIndex, int[] ids, int to) {
    packing.unpack(entries[at + 2], ids, to);
    if (lastIndex >= packing.capacity()) {
      packing.unpack(entries[at + 3], ids, to + packing.capacity());
    }
  }

  /**
   * Adds the ids of a key; false if they do not fit an entry, which then says that they are
   * elsewhere.
   */
  boolean add(long low, long high, int[] ids, int from, int count) {
    int half = packing.capacity();
    int most = onlyCounts ? MOST_IDS : Math.min(MOST_IDS, 2 * half);
    boolean fits = count > 0 && count <= most;
    int at = placeForNew(hash(low, high));
    table()[at] = low;
    table()[at + 1] = high | ((long) (fits ? count - 1 : IDS_ELSEWHERE) << COUNT_SHIFT);
    if (!onlyCounts) {
      // The second long of ids is 0 if all are in the first one.
      table()[at + 2] = packing.pack(ids, from, fits ? Math.min(count, half) : 0);
      table()[at + 3] = packing.pack(ids, from + half, fits ? count - half : 0);
    }
    return fits;
  }
}
