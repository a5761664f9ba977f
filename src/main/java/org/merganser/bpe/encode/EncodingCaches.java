package org.merganser.bpe.encode;

import org.merganser.binary.LittleEndianWords;
import org.merganser.bpe.IdBuffer;
import org.merganser.bpe.PackedIds;

/**
 * The caches of a {@link CachedEncoder}, by length. A {@link ShortPretokenCache} has the ids of
 * pretokens of up to {@value ShortPretokenCache#LONGEST} bytes, a {@link PretokenCache} those of up
 * to {@value PretokenCache#LONGEST} bytes, and a {@link PretokenArena} those of up to {@value
 * PretokenArena#LONGEST} bytes. Ids that do not fit one of them are in the next one. Not
 * thread-safe; bounded.
 *
 * <p>Tried without a gain: comparing both entries of a set without a branch; filling caches with
 * the vocabulary's tokens; a table for words of 16 to 30 bytes; and looking for short pretokens in
 * the arena too once their cache has evicted them.
 *
 * <p>If ids are only counted, the caches have no ids and so hold twice as many entries. In a buffer
 * of ids then only the size has a meaning.
 */
final class EncodingCaches {
  /** What a text is; the same text may have other ids as the other kind. */
  enum Kind {
    /** A complete pretoken. */
    PRETOKEN,

    /** A part of a pretoken. */
    PART
  }

  /** The maximum number of pretokens that {@link #touch} takes at a time. */
  static final int MOST_TOUCHED = 512;

  /** The maximum bytes of the {@link PretokenCache}. */
  private static final int CACHE_BYTES = cacheBytes();

  /** The maximum bytes of the {@link ShortPretokenCache}. */
  private static final int SHORT_CACHE_BYTES = Math.min(1 << 22, CACHE_BYTES / 2);

  /**
   * The maximum bytes of the {@link PretokenArena} besides its slots. It holds long pretokens of
   * scripts without spaces and is accessed sequentially, so a larger one does not slow other text.
   */
  private static final int ARENA_BYTES = 4 * CACHE_BYTES;

  private final boolean onlyCounts;
  private final PackedIds packing;
  private final ShortPretokenCache shortCache;
  private final PretokenCache cache;
  private final PretokenArena arena;

  /** Scratch space of {@link #touch}: the numbers of longer pretokens. */
  private final int[] longer = new int[MOST_TOUCHED];

  /** Receives the loads of {@link #touch}, so that the compiler keeps them. Nothing reads it. */
  @SuppressWarnings("UnusedVariable")
  private long touched;

  /**
   * @param packing for the ids of the model
   * @param onlyCounts whether ids are only counted
   */
  EncodingCaches(PackedIds packing, boolean onlyCounts) {
    this.onlyCounts = onlyCounts;
    this.packing = packing;
    this.shortCache = new ShortPretokenCache(packing, onlyCounts, SHORT_CACHE_BYTES);
    this.cache = new PretokenCache(packing, onlyCounts, CACHE_BYTES);
    this.arena = new PretokenArena(onlyCounts, ARENA_BYTES);
  }

  /**
   * 16 MB; or, if that is less, a thirty-second of the heap divided by the number of processors,
   * rounded down to a power of two, but at least 512 KB. Ids do not depend on it.
   *
   * <p>Why 16 MB: a job over ten copies of 172 MB of text takes 6 % less CPU time than with caches
   * of half the size, and a job over one copy takes the same time. With caches of twice the size
   * the first job takes 3 % less and the second 3 % more, since nearly every miss is a new word
   * there.
   */
  private static int cacheBytes() {
    Runtime machine = Runtime.getRuntime();
    long share = machine.maxMemory() / (32L * machine.availableProcessors());
    return (int) Long.highestOneBit(Math.max(1 << 19, Math.min(1 << 24, share)));
  }

  /**
   * Loads the places of the pretokens {@code first} to {@code end - 1} that are longer than {@value
   * ShortPretokenCache#LONGEST} bytes, so that the processor fetches all of them at once. For
   * shorter ones that does not pay: their cache is near, and out-of-order execution overlaps their
   * waits.
   *
   * @param startOfFirst where pretoken {@code first} begins in {@code text}
   * @param ends where each pretoken ends, by its number
   */
  void touch(byte[] text, int startOfFirst, int[] ends, int first, int end) {
    int n = 0;
    int from = startOfFirst;
    for (int i = first; i < end; i++) {
      longer[n] = i;
      // 1 for a longer one, which the next number then does not replace; without a branch
      n += (ShortPretokenCache.LONGEST - (ends[i] - from)) >>> 31;
      from = ends[i];
    }
    long[] table = cache.table();
    int shift = cache.shift();
    int setLog = cache.setLog();
    int lastInside = text.length - 16;
    long sum = 0;
    for (int k = 0; k < n; k++) {
      int at = longer[k] == first ? startOfFirst : ends[longer[k] - 1];
      int length = ends[longer[k]] - at;
      if (at > lastInside) {
        break;
      }
      if (length <= PretokenCache.LONGEST) {
        long low = LittleEndianWords.lowInside(text, at, length);
        long high = LittleEndianWords.highInside(text, at, length);
        sum += table[CacheSets.set(PretokenCache.hash(low, high), shift, setLog)];
      } else if (length <= PretokenArena.LONGEST) {
        sum += arena.touch(text, at, length);
      }
    }
    touched += sum;
  }

  /**
   * Appends the ids of the pretokens from {@code first} on, up to {@code end - 1}, as long as each
   * has at most {@value PretokenCache#LONGEST} bytes and is found in the first entry of its set.
   * This inner loop has no other work: even a rare call in it slows all look-ups by a tenth, since
   * no register survives a call.
   *
   * @param startOfFirst where pretoken {@code first} begins in {@code text}
   * @param ends where each pretoken ends, by its number
   * @return the number of the first pretoken whose ids were not appended; {@code end} for none
   */
  int appendHits(byte[] text, int startOfFirst, int[] ends, int first, int end, IdBuffer out) {
    int[] ids = out.ensure(PretokenCache.WRITTEN * (end - first));
    int size = out.size();
    long[] shorts = shortCache.table();
    int shortShift = shortCache.shift();
    int shortSetLog = shortCache.setLog();
    long[] table = cache.table();
    int shift = cache.shift();
    int setLog = cache.setLog();
    boolean writes = !onlyCounts;
    int lastInside = text.length - 16;
    int from = startOfFirst;
    int i = first;
    for (; i < end && from <= lastInside; i++) {
      int to = ends[i];
      int length = to - from;
      if (length <= ShortPretokenCache.LONGEST) {
        long key = ShortPretokenCache.key(LittleEndianWords.inside(text, from), length);
        int entry = CacheSets.set(ShortPretokenCache.hash(key), shortShift, shortSetLog);
        long marks = shorts[entry] ^ key;
        if ((marks & ~ShortPretokenCache.COUNT) != 0) {
          break;
        }
        if (writes) {
          packing.unpack(shorts[entry + 1], ids, size);
        }
        size += (int) (marks >>> ShortPretokenCache.COUNT_SHIFT) + 1;
      } else if (length <= PretokenCache.LONGEST) {
        long low = LittleEndianWords.inside(text, from);
        long high = LittleEndianWords.highInside(text, from, length);
        int entry = CacheSets.set(PretokenCache.hash(low, high), shift, setLog);
        // If low is equal, too: the number of ids minus one, if it is below IDS_ELSEWHERE.
        long lastIndex = PretokenCache.compare(table[entry + 1], high);
        if (table[entry] != low
            || Long.compareUnsigned(lastIndex, PretokenCache.IDS_ELSEWHERE) >= 0) {
          break;
        }
        if (writes) {
          PretokenCache.write(packing, table, entry, (int) lastIndex, ids, size);
        }
        size += (int) lastIndex + 1;
      } else {
        break;
      }
      from = to;
    }
    out.setSize(size);
    return i;
  }

  /**
   * Appends the ids of {@code text[from, to)} and returns true if a cache has them for this kind.
   */
  boolean find(byte[] text, int from, int to, Kind kind, IdBuffer out) {
    int length = to - from;
    int found = CacheSets.ELSEWHERE;
    if (length <= ShortPretokenCache.LONGEST) {
      found = shortCache.find(shortKey(text, from, length, kind), out);
    }
    if (found == CacheSets.ELSEWHERE && length <= PretokenCache.LONGEST) {
      long low = LittleEndianWords.low(text, from, length);
      found = cache.find(low, highOfKey(text, from, length, kind), out);
    }
    if (found == CacheSets.ELSEWHERE && length <= PretokenArena.LONGEST) {
      return arena.find(text, from, to, arenaKind(kind), out);
    }
    return found == CacheSets.FOUND;
  }

  /**
   * Adds the ids of {@code text[from, to)} to the first cache that holds as many bytes and ids.
   *
   * @param out has the ids from index {@code idsFrom} to its end
   */
  void add(byte[] text, int from, int to, Kind kind, IdBuffer out, int idsFrom) {
    int length = to - from;
    int[] ids = out.ids();
    int count = out.size() - idsFrom;
    if (length <= ShortPretokenCache.LONGEST
        && shortCache.add(shortKey(text, from, length, kind), ids, idsFrom, count)) {
      return;
    }
    if (length <= PretokenCache.LONGEST) {
      long low = LittleEndianWords.low(text, from, length);
      if (cache.add(low, highOfKey(text, from, length, kind), ids, idsFrom, count)) {
        return;
      }
    }
    if (length <= PretokenArena.LONGEST && count > 0 && count <= PretokenArena.MOST_IDS) {
      arena.add(text, from, to, arenaKind(kind), ids, idsFrom, count);
    }
  }

  /** The key in the {@link ShortPretokenCache}. */
  private static long shortKey(byte[] text, int from, int length, Kind kind) {
    long key = ShortPretokenCache.key(LittleEndianWords.load(text, from, length), length);
    return kind == Kind.PART ? key | ShortPretokenCache.PART : key;
  }

  /** The second long of the key in the {@link PretokenCache}. */
  private static long highOfKey(byte[] text, int from, int length, Kind kind) {
    long high = LittleEndianWords.high(text, from, length);
    return kind == Kind.PART ? high | PretokenCache.PART : high;
  }

  /** The kind of the key in the {@link PretokenArena}. */
  private static int arenaKind(Kind kind) {
    return kind == Kind.PART ? PretokenArena.PART : PretokenArena.PRETOKEN;
  }
}
