package org.merganser.bpe.count;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Counts of pretokens of 16 bytes and more: their bytes back to back in one array, entries in the
 * order of their first occurrence, and an open-addressing table of entry numbers.
 */
final class LongPretokens {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int MAX_BYTES = Integer.MAX_VALUE - 16;

  /** Entry number + 1, or 0. */
  private int[] table = new int[1 << 8];

  private byte[] bytes = new byte[1 << 12];

  /** Entry e is {@code bytes[starts[e], starts[e + 1])}. */
  private int[] starts = new int[1 << 7];

  private long[] hashes = new long[1 << 7];
  private long[] counts = new long[1 << 7];

  /** Among all pretokens of the table, the short ones included. */
  private int[] numbers = new int[1 << 7];

  private int size;
  private final ByBytes byBytes = new ByBytes();

  /**
   * Adds to the count of a pretoken.
   *
   * @param next the number of the pretoken where it is new
   * @return its number
   */
  int add(byte[] source, int from, int to, long count, int next) {
    long hash = hash(source, from, to);
    int mask = table.length - 1;
    int slot = (int) (hash >>> 32) & mask;
    while (table[slot] != 0) {
      int entry = table[slot] - 1;
      if (hashes[entry] == hash
          && Arrays.equals(bytes, starts[entry], starts[entry + 1], source, from, to)) {
        counts[entry] += count;
        return numbers[entry];
      }
      slot = (slot + 1) & mask;
    }
    int added = append(source, from, to, hash, count);
    numbers[added] = next;
    table[slot] = added + 1;
    if (2 * size > table.length) {
      rehash();
    }
    return next;
  }

  private int append(byte[] source, int from, int to, long hash, long count) {
    int start = starts[size];
    long end = (long) start + to - from;
    if (end > MAX_BYTES) {
      throw new IllegalStateException(
          "distinct pretokens of 16 bytes and more take over "
              + MAX_BYTES
              + " bytes; count in smaller units");
    }
    if (end > bytes.length) {
      bytes = Arrays.copyOf(bytes, (int) Math.min(MAX_BYTES, Math.max(end, 2L * bytes.length)));
    }
    if (size + 1 == starts.length) {
      starts = Arrays.copyOf(starts, 2 * starts.length);
      hashes = Arrays.copyOf(hashes, 2 * hashes.length);
      counts = Arrays.copyOf(counts, 2 * counts.length);
      numbers = Arrays.copyOf(numbers, 2 * numbers.length);
    }
    System.arraycopy(source, from, bytes, start, to - from);
    hashes[size] = hash;
    counts[size] = count;
    starts[size + 1] = (int) end;
    return size++;
  }

  private void rehash() {
    int[] larger = new int[2 * table.length];
    int mask = larger.length - 1;
    for (int entry = 0; entry < size; entry++) {
      int slot = (int) (hashes[entry] >>> 32) & mask;
      while (larger[slot] != 0) {
        slot = (slot + 1) & mask;
      }
      larger[slot] = entry + 1;
    }
    table = larger;
  }

  /** Depends on the bytes alone, for ever: it also chooses the partition. */
  private static long hash(byte[] b, int from, int to) {
    long h = (to - from) * 0x9E3779B97F4A7C15L;
    int at = from;
    for (; at + 8 <= to; at += 8) {
      h = mix(h ^ (long) LONG.get(b, at));
    }
    if (at < to) {
      h = mix(h ^ (long) LONG.get(b, to - 8));
    }
    return h ^ h >>> 29;
  }

  private static long mix(long h) {
    long m = (h ^ h >>> 32) * 0xD6E8FEB86659FD93L;
    return m ^ m >>> 32;
  }

  int size() {
    return size;
  }

  void visit(int entry, PretokenCounts.Visitor visitor) {
    visitor.visit(bytes, starts[entry], starts[entry + 1], counts[entry]);
  }

  int number(int entry) {
    return numbers[entry];
  }

  long hash(int entry) {
    return hashes[entry];
  }

  /** The bytes from {@code at} on, 0 or 8, big-endian: their unsigned order is that of bytes. */
  long eightBytes(int entry, int at) {
    return Long.reverseBytes((long) LONG.get(bytes, starts[entry] + at));
  }

  long memoryBytes() {
    return 4L * table.length + bytes.length + 4L * starts.length + 20L * hashes.length;
  }

  /** All entries that were counted. */
  int[] entries() {
    int[] entries = new int[size];
    int n = 0;
    for (int i = 0; i < size; i++) {
      if (counts[i] != 0) {
        entries[n++] = i;
      }
    }
    return Arrays.copyOf(entries, n);
  }

  /** Sorts entries in unsigned order of their bytes, in place, and returns them. */
  int[] sorted(int[] entries) {
    byBytes.sort(entries);
    return entries;
  }

  /** Seven bytes a key, and in the lowest byte how many of them there are: 7, and 8 for more. */
  private final class ByBytes extends RadixSort {
    @Override
    long key(int entry, int depth) {
      int at = starts[entry] + 7 * depth;
      int left = starts[entry + 1] - at;
      if (left > 7) {
        return (Long.reverseBytes((long) LONG.get(bytes, at)) & ~0xFFL) | 8;
      }
      long key = 0;
      for (int i = 0; i < left; i++) {
        key |= (bytes[at + i] & 0xFFL) << (56 - 8 * i);
      }
      return key | left;
    }

    @Override
    boolean hasMore(int entry, int depth) {
      return starts[entry + 1] - starts[entry] > 7 * (depth + 1);
    }

    @Override
    int compare(int a, int b) {
      return Arrays.compareUnsigned(
          bytes, starts[a], starts[a + 1], bytes, starts[b], starts[b + 1]);
    }
  }
}
