package org.merganser.bpe;

import org.jspecify.annotations.Nullable;

/**
 * The one encoder: ids of short pretokens come from a {@link PretokenCache}, a long one is cut at
 * its {@link Seams} and its parts looked up, and what is not found is merged. A batch is gone over
 * twice, first for keys and places, touching each, then for the ids, so that the waits for memory
 * overlap.
 */
final class CachedEncoder implements BpeEncoder {
  private static final int BATCH = 64;
  private static final long ASCII = 0x8080_8080_8080_8080L;

  /** Stands for the key of a pretoken that is too long for one; at place 0 nothing equals it. */
  private static final long TOO_LONG = PretokenCache.KEY;

  private final FirstSymbols first;
  private final @Nullable Seams seams;
  private final WordMerger merger;
  private final boolean ignoreMerges;

  /** Added to the key of a part; see {@link PretokenCache#PART}. */
  private final long partMark;

  private final boolean narrow;
  private final PretokenCache cache;
  private final LongPretokenCache longCache;
  private final Dropped dropped = new Dropped();

  private final long[] lows = new long[BATCH];
  private final long[] highs = new long[BATCH];
  private final int[] sets = new int[BATCH];

  /** Keeps the touches of the first pass from being optimised away. */
  private long touched;

  /**
   * @param narrow whether all ids fit 16 bits
   */
  CachedEncoder(
      FirstSymbols first,
      @Nullable Seams seams,
      WordMerger merger,
      boolean ignoreMerges,
      boolean narrow) {
    this.narrow = narrow;
    this.cache = new PretokenCache(narrow);
    this.longCache = new LongPretokenCache(narrow);
    this.first = first;
    this.seams = seams;
    this.merger = merger;
    this.ignoreMerges = ignoreMerges;
    this.partMark = ignoreMerges ? PretokenCache.PART : 0;
  }

  @Override
  public void encode(byte[] text, int start, int[] ends, int count, IdBuffer out) {
    int from = start;
    for (int done = 0; done < count; done += BATCH) {
      int n = Math.min(BATCH, count - done);
      keys(text, from, ends, done, n);
      ids(text, from, ends, done, n, out);
      from = ends[done + n - 1];
    }
  }

  private void keys(byte[] text, int start, int[] ends, int at, int n) {
    long[] table = cache.table();
    int shift = cache.shift();
    long touch = 0;
    int from = start;
    for (int i = 0; i < n; i++) {
      int to = ends[at + i];
      int length = to - from;
      if (length <= PretokenCache.LONGEST) {
        long low;
        long high;
        if (from + 16 <= text.length) {
          low = Keys.lowInside(text, from, length);
          high = Keys.highInside(text, from, length);
        } else {
          low = Keys.low(text, from, length);
          high = Keys.high(text, from, length);
        }
        int set = PretokenCache.set(low, high, shift);
        lows[i] = low;
        highs[i] = high;
        sets[i] = set;
        touch ^= table[set];
      } else {
        lows[i] = 0;
        highs[i] = TOO_LONG;
        sets[i] = 0;
      }
      from = to;
    }
    touched = touch;
  }

  private void ids(byte[] text, int start, int[] ends, int at, int n, IdBuffer out) {
    int[] ids = out.ensure(PretokenCache.MOST_IDS * n);
    int size = out.size();
    long[] table = cache.table();
    for (int i = 0; i < n; i++) {
      long low = lows[i];
      long high = highs[i];
      int entry = sets[i];
      long found = table[entry + 1];
      if (table[entry] != low || (found & PretokenCache.KEY) != high) {
        entry += PretokenCache.WAY;
        found = table[entry + 1];
        if (table[entry] != low || (found & PretokenCache.KEY) != high) {
          out.setSize(size);
          miss(text, i == 0 ? start : ends[at + i - 1], ends[at + i], low, high, out);
          ids = out.ensure(PretokenCache.MOST_IDS * (n - i));
          size = out.size();
          if (cache.table() != table) {
            table = cache.table();
            findSetsAgain(i + 1, n);
          }
          continue;
        }
      }
      write(table, entry, ids, size);
      size += ((int) (found >>> 60) & 7) + 1;
    }
    out.setSize(size);
  }

  /** Writes four ids at once, whatever their number: cheaper than a branch on it. */
  private void write(long[] table, int entry, int[] ids, int at) {
    if (narrow) {
      Ids.unpackNarrow(table[entry + 2], ids, at);
      if ((table[entry + 1] & 4L << 60) != 0) {
        Ids.unpackNarrow(table[entry + 3], ids, at + 4);
      }
    } else {
      Ids.unpackWide(table[entry + 2], ids, at);
      Ids.unpackWide(table[entry + 3], ids, at + 2);
    }
  }

  private void findSetsAgain(int from, int n) {
    for (int i = from; i < n; i++) {
      if (highs[i] != TOO_LONG) {
        sets[i] = PretokenCache.set(lows[i], highs[i], cache.shift());
      }
    }
  }

  private void miss(byte[] text, int from, int to, long low, long high, IdBuffer out) {
    int whole = ignoreMerges ? first.whole(text, from, to) : -1;
    if (whole >= 0) {
      out.add(whole);
      if (high != TOO_LONG) {
        cache.add(low, high, out.ids(), out.size() - 1, 1);
      }
      return;
    }
    if (high == TOO_LONG) {
      parts(text, from, to, out);
      return;
    }
    int before = out.size();
    long lost = dropped.bytes();
    if (((low | high) & ASCII) != 0) {
      parts(text, from, to, out);
    } else {
      merge(text, from, to, out);
    }
    int count = out.size() - before;
    if (lost == dropped.bytes()) {
      cache.add(low, high, out.ids(), before, count);
    }
  }

  private void parts(byte[] text, int from, int to, IdBuffer out) {
    if (seams == null) {
      merge(text, from, to, out);
      return;
    }
    for (int at = from; at < to; ) {
      int end = seams.next(text, at, to);
      part(text, at, end, out);
      at = end;
    }
  }

  private void part(byte[] text, int from, int to, IdBuffer out) {
    int length = to - from;
    if (length <= PretokenCache.LONGEST) {
      long low = Keys.low(text, from, length);
      long high = Keys.high(text, from, length) | partMark;
      int entry = cache.find(low, high);
      if (entry >= 0) {
        append(entry, out);
      } else {
        int before = out.size();
        long lost = dropped.bytes();
        merge(text, from, to, out);
        int count = out.size() - before;
        if (lost == dropped.bytes()) {
          cache.add(low, high, out.ids(), before, count);
        }
      }
    } else if (length > LongPretokenCache.LONGEST) {
      merge(text, from, to, out);
    } else if (!longCache.find(text, from, to, out)) {
      int before = out.size();
      long lost = dropped.bytes();
      merge(text, from, to, out);
      int count = out.size() - before;
      if (lost == dropped.bytes()) {
        longCache.add(out.ids(), before, count);
      }
    }
  }

  private void append(int entry, IdBuffer out) {
    int[] ids = out.ensure(PretokenCache.MOST_IDS);
    int size = out.size();
    write(cache.table(), entry, ids, size);
    out.setSize(size + ((int) (cache.table()[entry + 1] >>> 60) & 7) + 1);
  }

  private void merge(byte[] text, int from, int to, IdBuffer out) {
    int before = out.size();
    first.append(text, from, to, out, dropped);
    out.setSize(before + merger.merge(out.ids(), before, out.size() - before));
  }

  @Override
  public long droppedBytes() {
    return dropped.bytes();
  }

  @Override
  public int firstDropped() {
    return dropped.first();
  }

  @Override
  public void clearDropped() {
    dropped.clear();
  }

  /** Only read to keep {@link #touched} alive. */
  @Override
  public String toString() {
    return "CachedEncoder[" + (touched != 0) + "]";
  }
}
