package org.merganser.bpe.count;

import java.util.Arrays;

/**
 * Sorts entries by their unsigned bytes, a prefix first: by a key of the first bytes, then by the
 * next key within each run of equal ones. Up to {@value #SMALL} entries are sorted by insertion,
 * more by a byte-wise radix sort that skips bytes which all of them have in common. Entries that
 * are equal in the first {@value #MAX_DEPTH} keys are sorted by comparison, so that long common
 * prefixes cost no stack.
 *
 * <p>An entry is a number; the subclass has its bytes.
 */
abstract class RadixSort {
  /** Up to this many entries, an insertion sort is faster. */
  private static final int SMALL = 48;

  /** From this depth on, runs of entries with equal keys are sorted by comparison. */
  private static final int MAX_DEPTH = 6;

  /** The bytes of an entry in a key. */
  static final int KEY_BYTES = 7;

  /** The lowest byte of a key that is followed by more bytes. */
  static final int MORE = KEY_BYTES + 1;

  /**
   * The {@value #KEY_BYTES} bytes of an entry from {@code KEY_BYTES * depth} on, the first highest,
   * zeros after its end. The lowest byte of the key is their number, or {@link #MORE} if more bytes
   * follow them.
   *
   * @param depth 0, or one above that of a key of the entry with {@link #MORE}
   */
  abstract long key(int entry, int depth);

  /** The keys of the entries that are sorted now, at their depth. */
  private long[] keys = {};

  /** Scratch space for keys. */
  private long[] spareKeys = {};

  /** Scratch space for entries. */
  private int[] spare = {};

  /**
   * Sorts in place. Costs up to 8 passes a depth, and 20 bytes of memory an entry. Not thread-safe.
   */
  final void sort(int[] entries) {
    int n = entries.length;
    keys = new long[n];
    spareKeys = new long[n];
    spare = new int[n];
    int firstDepth = 0;
    sort(entries, 0, n, firstDepth);
  }

  /** Sorts {@code entries[from, to)}, whose entries have the same keys at all lower depths. */
  private void sort(int[] entries, int from, int to, int depth) {
    for (int i = from; i < to; i++) {
      keys[i] = key(entries[i], depth);
    }
    if (to - from <= SMALL) {
      insertionSort(entries, from, to);
    } else {
      radixSort(entries, from, to);
    }
    for (int i = from; i < to; ) {
      int end = i + 1;
      while (end < to && keys[end] == keys[i]) {
        end++;
      }
      if (end - i > 1 && hasMore(keys[i])) {
        if (depth + 1 < MAX_DEPTH) {
          // This overwrites only the keys of this run, which are no longer needed.
          sort(entries, i, end, depth + 1);
        } else {
          comparisonSort(entries, i, end, depth + 1);
        }
      }
      i = end;
    }
  }

  /** Sorts entries and keys by key, in place. */
  private void insertionSort(int[] entries, int from, int to) {
    for (int i = from + 1; i < to; i++) {
      long key = keys[i];
      int entry = entries[i];
      int j = i - 1;
      while (j >= from && Long.compareUnsigned(keys[j], key) > 0) {
        keys[j + 1] = keys[j];
        entries[j + 1] = entries[j];
        j--;
      }
      keys[j + 1] = key;
      entries[j + 1] = entry;
    }
  }

  /** Sorts entries and keys by key, byte by byte from the lowest, to and from the spare arrays. */
  private void radixSort(int[] entries, int from, int to) {
    long same = -1L; // the bits that all keys have in common
    for (int i = from; i < to; i++) {
      same &= ~(keys[i] ^ keys[from]);
    }
    long[] sorted = keys;
    int[] sortedEntries = entries;
    int[] next = new int[257];
    for (int shift = 0; shift < 64; shift += 8) {
      if (byteAt(same, shift) == 0xFF) {
        continue;
      }
      Arrays.fill(next, 0);
      for (int i = from; i < to; i++) {
        next[byteAt(sorted[i], shift) + 1]++;
      }
      for (int b = 0; b < 256; b++) {
        next[b + 1] += next[b];
      }
      long[] target = sorted == keys ? spareKeys : keys;
      int[] targetEntries = sorted == keys ? spare : entries;
      for (int i = from; i < to; i++) {
        int place = from + next[byteAt(sorted[i], shift)]++;
        target[place] = sorted[i];
        targetEntries[place] = sortedEntries[i];
      }
      sorted = target;
      sortedEntries = targetEntries;
    }
    if (sorted != keys) {
      System.arraycopy(spareKeys, from, keys, from, to - from);
      System.arraycopy(spare, from, entries, from, to - from);
    }
  }

  /** The byte of a key whose lowest bit is bit {@code shift}. */
  private static int byteAt(long key, int shift) {
    return (int) (key >>> shift) & 0xFF;
  }

  /** Whether an entry has bytes after those of the key. */
  private static boolean hasMore(long key) {
    return (key & 0xFF) == MORE;
  }

  /**
   * A stable top-down merge sort of {@code entries[from, to)} by the keys from {@code depth} on.
   */
  private void comparisonSort(int[] entries, int from, int to, int depth) {
    if (to - from < 2) {
      return;
    }
    int middle = (from + to) >>> 1;
    comparisonSort(entries, from, middle, depth);
    comparisonSort(entries, middle, to, depth);
    System.arraycopy(entries, from, spare, from, middle - from);
    int left = from;
    int right = middle;
    // Once the left half is used up, the rest of the right half is in place already.
    for (int i = from; left < middle; i++) {
      boolean takeRight = right < to && compare(entries[right], spare[left], depth) < 0;
      entries[i] = takeRight ? entries[right++] : spare[left++];
    }
  }

  /** Compares two entries by their keys from {@code depth} on. */
  private int compare(int a, int b, int depth) {
    long keyOfA = key(a, depth);
    long keyOfB = key(b, depth);
    for (int next = depth + 1; keyOfA == keyOfB && hasMore(keyOfA); next++) {
      keyOfA = key(a, next);
      keyOfB = key(b, next);
    }
    return Long.compareUnsigned(keyOfA, keyOfB);
  }
}
