package org.merganser.bpe;

import java.util.Arrays;

/**
 * Pairs of symbols: their counts, and the entries that HF's queue would hold for them.
 *
 * <p>A pair is packed as {@code left << 32 | right}; (3, 7) becomes 0x0000_0003_0000_0007, and the
 * order of the packed values is the order of ties. Record p belongs to one pair; a further record
 * is made only when HF would queue a pair again that was queued before (a reused id), with its
 * {@link #count} unused: {@link #find} always gives the first. Nothing is ever removed, for HF's
 * counts outlive their queue entries.
 */
final class PairTable {
  /** A record without a place in the queue. */
  static final long NEVER_QUEUED = -2;

  static final long CONSUMED = -1;

  private int[] slots = new int[1 << 12];
  private int shift = 64 - 12;
  private long[] keys = new long[1 << 11];
  private long[] counts = new long[1 << 11];
  private long[] queuedCounts = new long[1 << 11];
  private int[] lists = new int[1 << 11];
  private int size;
  private int distinct;

  static long key(int left, int right) {
    return (long) left << 32 | right;
  }

  /** The record of a pair, or -1. */
  int find(long key) {
    int mask = slots.length - 1;
    for (int slot = slot(key); slots[slot] != 0; slot = (slot + 1) & mask) {
      if (keys[slots[slot] - 1] == key) {
        return slots[slot] - 1;
      }
    }
    return -1;
  }

  /** The record of a pair, made with count 0 when there was none. */
  int findOrAdd(long key) {
    int mask = slots.length - 1;
    int slot = slot(key);
    for (; slots[slot] != 0; slot = (slot + 1) & mask) {
      if (keys[slots[slot] - 1] == key) {
        return slots[slot] - 1;
      }
    }
    int record = addRecord(key);
    slots[slot] = record + 1;
    if (++distinct > slots.length * 0.7) {
      rehash();
    }
    return record;
  }

  /** A further record for a pair that has been queued already. */
  int addDuplicate(long key) {
    return addRecord(key);
  }

  private int addRecord(long key) {
    if (size == keys.length) {
      int larger = size + (size >> 1);
      keys = Arrays.copyOf(keys, larger);
      counts = Arrays.copyOf(counts, larger);
      queuedCounts = Arrays.copyOf(queuedCounts, larger);
      lists = Arrays.copyOf(lists, larger);
    }
    keys[size] = key;
    queuedCounts[size] = NEVER_QUEUED;
    lists[size] = OccurrenceLists.NONE;
    return size++;
  }

  private int slot(long key) {
    long h = (key ^ key >>> 32) * 0x9E3779B97F4A7C15L;
    return (int) ((h ^ h << 21) >>> shift);
  }

  private void rehash() {
    int[] old = slots;
    slots = new int[2 * old.length];
    shift--;
    int mask = slots.length - 1;
    for (int value : old) {
      if (value != 0) {
        int slot = slot(keys[value - 1]);
        while (slots[slot] != 0) {
          slot = (slot + 1) & mask;
        }
        slots[slot] = value;
      }
    }
  }

  /** Records, duplicates included. */
  int size() {
    return size;
  }

  /** Whether a pair was ever queued twice. */
  boolean hasDuplicates() {
    return size > distinct;
  }

  long key(int record) {
    return keys[record];
  }

  int left(int record) {
    return (int) (keys[record] >>> 32);
  }

  int right(int record) {
    return (int) keys[record];
  }

  /** HF's count of a pair, by its first record. */
  long count(int record) {
    return counts[record];
  }

  void addToCount(int record, long change) {
    counts[record] = Math.addExact(counts[record], change);
  }

  /** The count that the queue knows, which may be stale; below 0 when it is not in the queue. */
  long queuedCount(int record) {
    return queuedCounts[record];
  }

  void setQueuedCount(int record, long count) {
    queuedCounts[record] = count;
  }

  /** Where its words are, in {@link OccurrenceLists}. */
  int list(int record) {
    return lists[record];
  }

  void setList(int record, int address) {
    lists[record] = address;
  }

  long memoryBytes() {
    return 4L * slots.length + 28L * keys.length;
  }
}
