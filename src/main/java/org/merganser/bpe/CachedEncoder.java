package org.merganser.bpe;

/**
 * The one encoder: ids of short pretokens come from a {@link PretokenCache}, all others from
 * merging. A batch is gone over twice, first for keys and places, touching each, then for the ids,
 * so that the waits for memory overlap.
 */
final class CachedEncoder implements BpeEncoder {
  private static final int BATCH = 64;

  /** Stands for the key of a pretoken that is too long for one; at place 0 nothing equals it. */
  private static final long TOO_LONG = -1L >>> 4;

  private final FirstSymbols first;
  private final WordMerger merger;
  private final boolean ignoreMerges;
  private final PretokenCache cache = new PretokenCache();
  private final Dropped dropped = new Dropped();

  private final long[] lows = new long[BATCH];
  private final long[] highs = new long[BATCH];
  private final int[] sets = new int[BATCH];

  /** Keeps the touches of the first pass from being optimised away. */
  private long touched;

  CachedEncoder(FirstSymbols first, WordMerger merger, boolean ignoreMerges) {
    this.first = first;
    this.merger = merger;
    this.ignoreMerges = ignoreMerges;
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
        long low = PretokenCache.low(text, from, length);
        long high = PretokenCache.high(text, from, length);
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
      if (table[entry] != low || (found & PretokenCache.LENGTH_AND_BYTES) != high) {
        entry += PretokenCache.WAY;
        found = table[entry + 1];
        if (table[entry] != low || (found & PretokenCache.LENGTH_AND_BYTES) != high) {
          out.setSize(size);
          miss(text, i == 0 ? start : ends[at + i - 1], ends[at + i], low, high, out);
          ids = out.ensure(PretokenCache.MOST_IDS * (n - i));
          size = out.size();
          if (cache.table() != table) {
            table = cache.table();
            for (int j = i + 1; j < n; j++) {
              if (highs[j] != TOO_LONG) {
                sets[j] = PretokenCache.set(lows[j], highs[j], cache.shift());
              }
            }
          }
          continue;
        }
      }
      // Four at once, whatever their number: cheaper than a branch on it.
      long pair = table[entry + 2];
      ids[size] = (int) pair;
      ids[size + 1] = (int) (pair >>> 32);
      pair = table[entry + 3];
      ids[size + 2] = (int) pair;
      ids[size + 3] = (int) (pair >>> 32);
      size += (int) (found >>> 60);
    }
    out.setSize(size);
  }

  private void miss(byte[] text, int from, int to, long low, long high, IdBuffer out) {
    int before = out.size();
    long lost = dropped.bytes();
    int whole = ignoreMerges ? first.whole(text, from, to) : -1;
    if (whole >= 0) {
      out.add(whole);
    } else {
      first.append(text, from, to, out, dropped);
      out.setSize(before + merger.merge(out.ids(), before, out.size() - before));
    }
    int count = out.size() - before;
    if (high != TOO_LONG
        && count <= PretokenCache.MOST_IDS
        && count > 0
        && lost == dropped.bytes()) {
      cache.add(low, high, out.ids(), before, count);
    }
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
