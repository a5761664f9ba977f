package org.merganser.bpe.encode;

import org.merganser.binary.HashMultiplier;
import org.merganser.bpe.IdBuffer;
import org.merganser.bpe.PackedIds;

/**
 * The ids of pretokens of 1 to {@value #LONGEST} bytes, nine in ten of all, in half the memory of a
 * {@link PretokenCache}, so that the processor's caches hold more of them. Not thread-safe;
 * bounded.
 *
 * <p>An entry is two longs: a key, and ids. The key has the pretoken's bytes on top, the last one
 * highest, and marks in its low byte: "car" is {@code 0x7261_6300_0000_0003}. Bits 0 to 2 of the
 * marks are the length, and bit 3 is {@link #PART}. An entry also has the number of ids minus one
 * in bits 4 to 6, and sets bit 7 if the ids do not fit and are elsewhere. So one exclusive or with
 * a key leaves {@code 0x00} to {@code 0x70} if the entry has ids of that key, and another value
 * otherwise. The length is at least 1, so no key is 0, as empty entries are, and bytes of 0 differ
 * from absent bytes.
 *
 * <p>If ids are only counted, an entry is the key alone.
 */
final class ShortPretokenCache extends CacheSets {
  /** The maximum length of a pretoken in bytes. */
  static final int LONGEST = 7;

  /** Marks the key of a part of a pretoken, as {@link PretokenCache#PART} does. */
  static final long PART = 1 << 3;

  /** The lowest bit of {@link #COUNT}. */
  static final int COUNT_SHIFT = 4;

  /** The bits of the number of ids minus one. */
  static final long COUNT = 7 << COUNT_SHIFT;

  /** Marks an entry whose ids are elsewhere. */
  private static final long IS_ELSEWHERE = 1 << 7;

  /** The maximum number of ids of an entry without ids. Only affixes give more ids than bytes. */
  private static final int MOST_COUNTED = LONGEST;

  /** The places that {@link #find} reserves: for the ids that it writes, or only counts. */
  private static final int RESERVED = Math.max(PackedIds.WRITTEN, MOST_COUNTED);

  private final boolean onlyCounts;
  private final PackedIds packing;

  /**
   * @param packing for the ids of the model
   * @param onlyCounts whether ids are only counted
   * @param mostBytes the bound of memory, a power of two
   */
  ShortPretokenCache(PackedIds packing, boolean onlyCounts, int mostBytes) {
    super(onlyCounts ? 1 : 2, /* markAt= */ 0, mostBytes);
    this.packing = packing;
    this.onlyCounts = onlyCounts;
  }

  /** The key of 1 to {@value #LONGEST} bytes, which are the lowest ones of {@code bytes}. */
  static long key(long bytes, int length) {
    return (bytes << (64 - 8 * length)) | length;
  }

  /** The hash of a key, whose upper bits select a set. */
  static long hash(long key) {
    return key * HashMultiplier.GOLDEN_RATIO;
  }

  @Override
  long hash(long[] entries, int at) {
    return hash(entries[at] & ~(COUNT | IS_ELSEWHERE));
  }

  /** Appends the ids of a key; returns {@link #FOUND}, {@link #NEW} or {@link #ELSEWHERE}. */
  int find(long key, IdBuffer out) {
    long[] entries = table();
    int set = set(hash(key));
    if (!isOf(key, entries[set])) {
      if (!isOf(key, entries[second(set)])) {
        return NEW;
      }
      toFront(set);
    }
    long marks = entries[set] ^ key;
    if (marks == IS_ELSEWHERE) {
      return ELSEWHERE;
    }
    int[] ids = out.ensure(RESERVED);
    if (!onlyCounts) {
      packing.unpack(entries[set + 1], ids, out.size());
    }
    out.setSize(out.size() + (int) (marks >>> COUNT_SHIFT) + 1);
    return FOUND;
  }

  /** Whether an entry is that of a key. */
  private static boolean isOf(long key, long entry) {
    return ((entry ^ key) & ~(COUNT | IS_ELSEWHERE)) == 0;
  }

  /**
   * Adds the ids of a key; false if they do not fit an entry, which then says that they are
   * elsewhere.
   */
  boolean add(long key, int[] ids, int from, int count) {
    boolean fits = count > 0 && count <= (onlyCounts ? MOST_COUNTED : packing.capacity());
    int at = placeForNew(hash(key));
    table()[at] = key | (fits ? (long) (count - 1) << COUNT_SHIFT : IS_ELSEWHERE);
    if (!onlyCounts) {
      table()[at + 1] = packing.pack(ids, from, fits ? count : 0);
    }
    return fits;
  }
}
