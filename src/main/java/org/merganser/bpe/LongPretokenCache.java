package org.merganser.bpe;

/**
 * The ids of pretokens of 16 to {@value #LONGEST} bytes, the little sister of {@link
 * PretokenCache}: an entry is eight longs, four of key (the bytes, with the length in byte 30 and
 * the number of ids in byte 31) and four of ids: eight, or sixteen of 16 bits. One entry a set. For
 * one thread; bounded.
 */
final class LongPretokenCache {
  static final int SHORTEST = 16;
  static final int LONGEST = 30;
  private static final int MOST_IDS = 16;

  private static final int LEAD = 6;
  private static final int ENTRY_LOG = 3;
  private static final int FIRST_LOG = 7;
  private static final int MOST_LOG = 15;
  private static final long KEY = -1L >>> 8;

  private long[] table = {};
  private int shift;
  private int added;

  /** The key. */
  private long k0;

  private long k1;
  private long k2;
  private long k3;
  private int place;

  private final boolean narrow;

  /**
   * @param narrow whether all ids fit 16 bits
   */
  LongPretokenCache(boolean narrow) {
    this.narrow = narrow;
    allocate(FIRST_LOG);
  }

  private void allocate(int log) {
    table = new long[LEAD + (1 << log + ENTRY_LOG)];
    shift = 64 - log;
    added = 0;
  }

  /** Takes {@code text[from, to)} as the key of what follows. */
  void key(byte[] text, int from, int to) {
    int length = to - from;
    k0 = Keys.load(text, from, 8);
    k1 = Keys.load(text, from + 8, 8);
    k2 = Keys.load(text, from + 16, Math.min(8, length - 16));
    k3 = (length > 24 ? Keys.load(text, from + 24, length - 24) : 0) | (long) length << 48;
    place = place(k0, k1, k2, k3);
  }

  /** Appends the ids of the key, or returns false. */
  boolean find(IdBuffer out) {
    long[] entries = table;
    int at = place;
    long last = entries[at + 3];
    if (entries[at] != k0 || entries[at + 1] != k1 || entries[at + 2] != k2 || (last & KEY) != k3) {
      return false;
    }
    int[] ids = out.ensure(MOST_IDS);
    int size = out.size();
    for (int i = 0; i < 4; i++) {
      if (narrow) {
        Ids.unpackNarrow(entries[at + 4 + i], ids, size + 4 * i);
      } else {
        Ids.unpackWide(entries[at + 4 + i], ids, size + 2 * i);
      }
    }
    out.setSize(size + (int) (last >>> 56));
    return true;
  }

  private int place(long a, long b, long c, long d) {
    long x = a ^ 0x9E37_79B9_7F4A_7C15L;
    long y = b ^ 0x3C79_AC49_2BA7_B653L;
    long z = (Math.multiplyHigh(x, y) ^ x * y) + c;
    long w = d ^ 0x1B87_3593_CC9E_2D51L;
    return LEAD + ((int) ((Math.multiplyHigh(z, w) ^ z * w) >>> shift) << ENTRY_LOG);
  }

  /** Remembers the ids of the key, if they fit an entry. */
  void add(int[] ids, int from, int count) {
    if (count <= 0 || count > (narrow ? MOST_IDS : MOST_IDS / 2)) {
      return;
    }
    if (added > 1 << 63 - shift && 64 - shift < MOST_LOG) {
      grow();
    }
    long[] entries = table;
    int at = place;
    entries[at] = k0;
    entries[at + 1] = k1;
    entries[at + 2] = k2;
    entries[at + 3] = k3 | (long) count << 56;
    int quarter = narrow ? 4 : 2;
    for (int i = 0; i < 4; i++) {
      int n = Math.min(quarter, count - i * quarter);
      entries[at + 4 + i] = Ids.pack(ids, from + i * quarter, n, narrow);
    }
    added++;
  }

  private void grow() {
    long[] old = table;
    allocate(Math.min(MOST_LOG, 64 - shift + 2));
    for (int at = LEAD; at < old.length; at += 1 << ENTRY_LOG) {
      if (old[at + 3] != 0) {
        int to = place(old[at], old[at + 1], old[at + 2], old[at + 3] & KEY);
        System.arraycopy(old, at, table, to, 1 << ENTRY_LOG);
        added++;
      }
    }
    place = place(k0, k1, k2, k3);
  }
}
