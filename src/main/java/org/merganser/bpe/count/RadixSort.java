package org.merganser.bpe.count;

import java.util.Arrays;

/**
 * Sorts entries by their unsigned bytes, a prefix first: a byte-wise radix sort by a key of the
 * first bytes, then by the next key within each run of equal ones. From {@link #MAX_DEPTH} keys on
 * it is a merge sort, so that long common prefixes cost no stack. Bytes that are the same in all
 * entries are skipped.
 */
abstract class RadixSort {
  private static final int SMALL = 48;
  private static final int MAX_DEPTH = 6;

  /** The lowest byte of a key that is followed by more bytes. */
  static final int MORE = 8;

  /**
   * Seven bytes of an entry from {@code 7 * depth} on, the first highest, zeros after its end. The
   * lowest byte is their number, up to 7, or {@link #MORE}.
   */
  abstract long key(int entry, int depth);

  /** Sorts in place; cost 8 passes a depth, memory 24 bytes an entry. */
  final void sort(int[] entries) {
    int n = entries.length;
    sort(entries, 0, n, 0, new long[n], new long[n], new int[n]);
  }

  private void sort(int[] e, int from, int to, int depth, long[] keys, long[] keys2, int[] e2) {
    for (int i = from; i < to; i++) {
      keys[i] = key(e[i], depth);
    }
    if (to - from <= SMALL) {
      insertionSort(e, keys, from, to);
    } else {
      radixSort(e, keys, from, to, keys2, e2);
    }
    for (int i = from; i < to; ) {
      int end = i + 1;
      while (end < to && keys[end] == keys[i]) {
        end++;
      }
      if (end - i > 1 && hasMore(keys[i])) {
        if (depth + 1 < MAX_DEPTH) {
          // This overwrites only the keys of this run, which are no longer needed.
          sort(e, i, end, depth + 1, keys, keys2, e2);
        } else {
          mergeSort(e, i, end, depth + 1, e2);
        }
      }
      i = end;
    }
  }

  private static void insertionSort(int[] e, long[] keys, int from, int to) {
    for (int i = from + 1; i < to; i++) {
      long key = keys[i];
      int entry = e[i];
      int j = i - 1;
      while (j >= from && Long.compareUnsigned(keys[j], key) > 0) {
        keys[j + 1] = keys[j];
        e[j + 1] = e[j];
        j--;
      }
      keys[j + 1] = key;
      e[j + 1] = entry;
    }
  }

  private static void radixSort(int[] e, long[] keys, int from, int to, long[] keys2, int[] e2) {
    long same = -1L;
    for (int i = from; i < to; i++) {
      same &= ~(keys[i] ^ keys[from]);
    }
    long[] sorted = keys;
    int[] sortedEntries = e;
    int[] next = new int[257];
    for (int shift = 0; shift < 64; shift += 8) {
      if ((same >>> shift & 0xFF) == 0xFF) {
        continue;
      }
      Arrays.fill(next, 0);
      for (int i = from; i < to; i++) {
        next[(int) (sorted[i] >>> shift & 0xFF) + 1]++;
      }
      for (int b = 0; b < 256; b++) {
        next[b + 1] += next[b];
      }
      long[] target = sorted == keys ? keys2 : keys;
      int[] targetEntries = sorted == keys ? e2 : e;
      for (int i = from; i < to; i++) {
        int place = from + next[(int) (sorted[i] >>> shift & 0xFF)]++;
        target[place] = sorted[i];
        targetEntries[place] = sortedEntries[i];
      }
      sorted = target;
      sortedEntries = targetEntries;
    }
    if (sorted != keys) {
      System.arraycopy(keys2, from, keys, from, to - from);
      System.arraycopy(e2, from, e, from, to - from);
    }
  }

  private static boolean hasMore(long key) {
    return (key & 0xFF) == MORE;
  }

  private void mergeSort(int[] e, int from, int to, int depth, int[] e2) {
    if (to - from < 2) {
      return;
    }
    int middle = (from + to) >>> 1;
    mergeSort(e, from, middle, depth, e2);
    mergeSort(e, middle, to, depth, e2);
    System.arraycopy(e, from, e2, from, middle - from);
    int left = from;
    int right = middle;
    for (int i = from; left < middle; i++) {
      boolean takeRight = right < to && compare(e[right], e2[left], depth) < 0;
      e[i] = takeRight ? e[right++] : e2[left++];
    }
  }

  private int compare(int a, int b, int depth) {
    long key = key(a, depth);
    long other = key(b, depth);
    for (int d = depth + 1; key == other && hasMore(key); d++) {
      key = key(a, d);
      other = key(b, d);
    }
    return Long.compareUnsigned(key, other);
  }
}
