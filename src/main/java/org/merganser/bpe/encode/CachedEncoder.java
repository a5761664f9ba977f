package org.merganser.bpe.encode;

import org.jspecify.annotations.Nullable;
import org.merganser.bpe.IdBuffer;
import org.merganser.bpe.LittleEndianWords;
import org.merganser.bpe.PackedIds;

/**
 * Encodes through caches: the ids of short pretokens come from a {@link PretokenCache}, those of
 * others from a {@link PretokenArena}. A pretoken that is in neither is cut at its {@link
 * MergeBarriers}; each part is looked up, and merged where it is not found.
 *
 * <p>These variants were measured and not kept. Computing the keys of a batch and touching their
 * places first, as native encoders do, costs a second pass, and out-of-order execution overlaps the
 * waits as well. Comparing both entries of a set without a branch does not pay, nor do caches that
 * hold the vocabulary's tokens from the beginning. Caches of 32 MB encode known text 15 % faster
 * and new text 10 % slower: they do not fit the processor's cache. A second cache, for words of 16
 * to 30 bytes, was no faster than the arena. A table of 64 to 256 KB in front of the cache, which
 * would fit the second-level cache, was 5 to 10 % slower on two threads, and a cache of 4 MB with
 * an arena of 8 MB as fast as these: a miss is a new word nearly always.
 *
 * <p>An encoder that only counts has caches without ids, which hold twice as many entries. In its
 * buffers of ids only the size has a meaning.
 */
final class CachedEncoder implements BpeEncoder, BpeCounter {
  private static final long ASCII = 0x8080_8080_8080_8080L;

  /** Stands for the key of a pretoken that is too long for one: no entry equals it. */
  private static final long TOO_LONG = PretokenCache.KEY;

  /**
   * The bytes of the {@link PretokenCache}: 16 MB, or less where a thirty-second of the heap is
   * less for each processor. No id depends on it.
   */
  private static final int CACHE_BYTES =
      (int)
          Long.highestOneBit(
              Math.max(
                  1 << 20,
                  Math.min(
                      1 << 24,
                      Runtime.getRuntime().maxMemory()
                          / (32L * Runtime.getRuntime().availableProcessors()))));

  /**
   * The bytes of the {@link PretokenArena}. It holds long pretokens of scripts without spaces, and
   * is written and read forwards, so that a larger one does not slow other text.
   */
  private static final int ARENA_BYTES = 2 * CACHE_BYTES;

  private final WordEncoder words;
  private final @Nullable MergeBarriers barriers;
  private final boolean ignoreMerges;

  /** Added to the key of a part; see {@link PretokenCache#PART}. */
  private final long partMark;

  private final boolean narrow;
  private final boolean counts;
  private final PretokenCache cache;
  private final PretokenArena arena;
  private final IdBuffer counted = new IdBuffer(1 << 8);
  private final int[] oneEnd = new int[1];

  /**
   * @param narrow whether all ids fit 16 bits
   * @param counts whether ids are only counted
   */
  CachedEncoder(
      WordEncoder words,
      @Nullable MergeBarriers barriers,
      boolean ignoreMerges,
      boolean narrow,
      boolean counts) {
    this.narrow = narrow;
    this.counts = counts;
    this.cache = new PretokenCache(narrow, counts, CACHE_BYTES);
    this.arena = new PretokenArena(counts, ARENA_BYTES);
    this.words = words;
    this.barriers = barriers;
    this.ignoreMerges = ignoreMerges;
    this.partMark = ignoreMerges ? PretokenCache.PART : 0;
  }

  @Override
  public void encode(byte[] text, int start, int[] ends, int count, IdBuffer out) {
    int from = start;
    for (int i = 0; i < count; i++) {
      i = hits(text, from, ends, i, count, out);
      if (i < count) {
        from = i == 0 ? start : ends[i - 1];
        other(text, from, ends[i], out);
        from = ends[i];
      }
    }
  }

  @Override
  public int count(byte[] text, int start, int[] ends, int count) {
    counted.clear();
    encode(text, start, ends, count, counted);
    return counted.size();
  }

  @Override
  public void encode(byte[] text, int from, int to, IdBuffer out, IdBuffer lengths) {
    int first = out.size();
    oneEnd[0] = to;
    encode(text, from, oneEnd, 1, out);
    if (out.size() - first == 1) {
      lengths.add(to - from);
    } else {
      words.addLengths(text, from, to, out.ids(), first, out.size(), lengths);
    }
  }

  /**
   * Looks up pretokens from number {@code at} on, the first one beginning at {@code start}, as long
   * as they are short and the first of their set. This is the inner loop, which does nothing else:
   * a call in it, even a rare one, slows all look-ups by a tenth, since no register survives a
   * call.
   *
   * @return the number of the first pretoken that is not encoded
   */
  private int hits(byte[] text, int start, int[] ends, int at, int count, IdBuffer out) {
    int[] ids = out.ensure(PretokenCache.MOST_IDS * (count - at));
    int size = out.size();
    long[] table = cache.table();
    int shift = cache.shift();
    int setLog = cache.setLog();
    boolean writes = !counts;
    int lastInside = text.length - 16;
    int from = start;
    int i = at;
    for (; i < count; i++) {
      int to = ends[i];
      int length = to - from;
      if (length > PretokenCache.LONGEST || from > lastInside) {
        break;
      }
      long low = LittleEndianWords.lowInside(text, from, length);
      long high = LittleEndianWords.highInside(text, from, length);
      int entry = PretokenCache.set(low, high, shift, setLog);
      long found = table[entry + 1];
      if (table[entry] != low || (found & PretokenCache.KEY) != high) {
        break;
      }
      if (writes) {
        write(table, entry, ids, size);
      }
      size += ((int) (found >>> 60) & 7) + 1;
      from = to;
    }
    out.setSize(size);
    return i;
  }

  /** Adds ids to the size alone. */
  private static void grow(IdBuffer out, int more) {
    out.ensure(more);
    out.setSize(out.size() + more);
  }

  /** A pretoken that is long, new, the second of its set, or near the end of its array. */
  private void other(byte[] text, int from, int to, IdBuffer out) {
    if (to - from > PretokenCache.LONGEST) {
      miss(text, from, to, 0, TOO_LONG, out);
      return;
    }
    long low = LittleEndianWords.low(text, from, to - from);
    long high = LittleEndianWords.high(text, from, to - from);
    int entry = cache.find(low, high);
    if (entry >= 0) {
      append(entry, out);
    } else {
      miss(text, from, to, low, high, out);
    }
  }

  /** Writes four ids at once, whatever their number: cheaper than a branch on it. */
  private void write(long[] table, int entry, int[] ids, int at) {
    if (narrow) {
      PackedIds.unpackNarrow(table[entry + 2], ids, at);
      if ((table[entry + 1] & 4L << 60) != 0) {
        PackedIds.unpackNarrow(table[entry + 3], ids, at + 4);
      }
    } else {
      PackedIds.unpackWide(table[entry + 2], ids, at);
      PackedIds.unpackWide(table[entry + 3], ids, at + 2);
    }
  }

  private void miss(byte[] text, int from, int to, long low, long high, IdBuffer out) {
    boolean fits = to - from <= PretokenArena.LONGEST;
    if (fits && arena.find(text, from, to, PretokenArena.PRETOKEN, out)) {
      return;
    }
    int before = out.size();
    int whole = ignoreMerges ? words.whole(text, from, to) : -1;
    boolean ascii = high != TOO_LONG && ((low | high) & ASCII) == 0;
    if (whole >= 0) {
      out.add(whole);
    } else if (barriers == null || ascii || barriers.next(text, from, to) == to) {
      words.merge(text, from, to, out);
    } else {
      parts(text, from, to, barriers, out);
    }
    remember(text, from, to, low, high, PretokenArena.PRETOKEN, before, out);
  }

  /** Remembers the ids of {@code text[from, to)}, which are those from {@code first} on. */
  private void remember(
      byte[] text, int from, int to, long low, long high, int kind, int first, IdBuffer out) {
    int count = out.size() - first;
    if (high != TOO_LONG && cache.holds(count)) {
      cache.add(low, high, out.ids(), first, count);
    } else if (to - from <= PretokenArena.LONGEST && count > 0) {
      arena.add(text, from, to, kind, out.ids(), first, count);
    }
  }

  /** Encodes part by part. */
  private void parts(byte[] text, int from, int to, MergeBarriers cuts, IdBuffer out) {
    int part = from;
    int at = from;
    int character = MergeBarriers.character(text, at, to);
    while (at < to) {
      int end = at + MergeBarriers.length(character);
      int following = end < to ? MergeBarriers.character(text, end, to) : MergeBarriers.MALFORMED;
      if (end == to || cuts.isBarrier(text, part, end, to, character, following)) {
        int id = part == at ? words.ofCharacter(character) : -1;
        if (id >= 0) {
          out.add(id);
        } else {
          part(text, part, end, out);
        }
        part = end;
      }
      at = end;
      character = following;
    }
  }

  private void part(byte[] text, int from, int to, IdBuffer out) {
    int length = to - from;
    long low = 0;
    long high = TOO_LONG;
    if (length <= PretokenCache.LONGEST) {
      low = LittleEndianWords.low(text, from, length);
      high = LittleEndianWords.high(text, from, length) | partMark;
      int entry = cache.find(low, high);
      if (entry >= 0) {
        append(entry, out);
        return;
      }
    }
    boolean fits = length <= PretokenArena.LONGEST;
    if (fits && arena.find(text, from, to, PretokenArena.PART, out)) {
      return;
    }
    int before = out.size();
    words.merge(text, from, to, out);
    remember(text, from, to, low, high, PretokenArena.PART, before, out);
  }

  private void append(int entry, IdBuffer out) {
    if (!counts) {
      write(cache.table(), entry, out.ensure(PretokenCache.MOST_IDS), out.size());
    }
    grow(out, cache.count(entry));
  }
}
