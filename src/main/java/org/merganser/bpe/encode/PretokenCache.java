package org.merganser.bpe.encode;

import org.merganser.binary.LittleEndianWords;
import org.merganser.bpe.IdBuffer;
import org.merganser.bpe.PackedIds;

/**
 * The ids of pretokens of 8 to {@value #LONGEST} bytes, and of shorter ones with more ids than a
 * {@link ShortPretokenCache} holds. A {@link PretokenArena} has longer pretokens; {@link
 * CachedEncoder} chooses the cache of a pretoken. Not thread-safe; bounded.
 *
 * <p>An entry is four longs. The key is the pretoken's 1 to {@value #LONGEST} bytes as two
 * little-endian longs with its length in the top byte: "car" is {@code low =
 * 0x0000_0000_0072_6163}, {@code high = 0x03 << 56}. Two longs of ids follow; their number minus
 * one is in the bits above the length, so that the top byte of "car" with two ids is {@code 0x13}.
 * {@link #MOST_IDS} there means that the ids do not fit and are elsewhere. An empty entry has
 * length 0 and equals no key. Two entries form a set of 64 bytes, aligned to a cache line in a
 * large array; a folded 64 by 64 bit product of the key selects it (as in wyhash).
 *
 * <p>If ids are only counted, an entry is the first two longs, and a set half a cache line.
 */
final class PretokenCache extends CacheSets {
  /** The maximum length of a pretoken in bytes. */
  static final int LONGEST = 15;

  /** The maximum number of ids of an entry; the eighth value of three bits means "elsewhere". */
  static final int MOST_IDS = 7;

  /** The maximum number of ids that {@link #write} writes. */
  static final int WRITTEN = 2 * PackedIds.WRITTEN;

  /**
   * Marks the key of a part of a pretoken if parts may have other ids than pretokens (with {@code
   * ignore_merges} only a pretoken is looked up as a token).
   */
  static final long PART = 1L << 63;

  /** The lowest bit of the number of ids minus one, in the second long. */
  private static final int COUNT_SHIFT = 60;

  private final boolean onlyCounts;
  private final PackedIds packing;

  /**
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
    return hash(entries[at], entries[at + 1] & ~(7L << COUNT_SHIFT));
  }

  /**
   * Compares the second long of an entry with that of a key whose first long is equal.
   *
   * @return the number of ids minus one, {@link #MOST_IDS} if they are elsewhere; 8 and more, or
   *     negative, if the keys differ
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
    int last = (int) compare(entries[set + 1], high);
    if (last == MOST_IDS) {
      return ELSEWHERE;
    }
    int[] ids = out.ensure(WRITTEN);
    if (!onlyCounts) {
      write(packing, entries, set, last, ids, out.size());
    }
    out.setSize(out.size() + last + 1);
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
   * @param last the number of ids minus one
   * @param ids has room for {@link #WRITTEN} ids from {@code to} on
   */
  static void write(PackedIds packing, long[] entries, int at, int last, int[] ids, int to) {
    packing.unpack(entries[at + 2], ids, to);
    if (last >= packing.capacity()) {
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
    table()[at + 1] = high | ((long) (fits ? count - 1 : MOST_IDS) << COUNT_SHIFT);
    if (!onlyCounts) {
      // The second long is 0 if all ids are in the first one.
      table()[at + 2] = packing.pack(ids, from, fits ? Math.min(count, half) : 0);
      table()[at + 3] = packing.pack(ids, from + half, fits ? count - half : 0);
    }
    return fits;
  }
}
