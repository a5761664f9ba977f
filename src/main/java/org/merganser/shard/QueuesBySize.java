package org.merganser.shard;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Entries that are found by their size; of entries of one size the oldest is taken first.
 *
 * @param <T> an entry
 */
final class QueuesBySize<T> {
  /** The entries of each size that has some, the oldest first. */
  private final TreeMap<Integer, Deque<T>> queues = new TreeMap<>();

  private int count;

  /** The number of entries. */
  int count() {
    return count;
  }

  /** Adds the newest entry of a size. */
  void add(int size, T entry) {
    queues.computeIfAbsent(size, ofSize -> new ArrayDeque<>()).add(entry);
    count++;
  }

  /** Removes and returns an entry of the smallest size from {@code size} on; null without one. */
  @Nullable T takeAtLeast(int size) {
    return take(queues.ceilingEntry(size));
  }

  /** Removes and returns an entry of the largest size up to {@code size}; null without one. */
  @Nullable T takeAtMost(int size) {
    return take(queues.floorEntry(size));
  }

  /** Removes and returns an entry of the smallest size; there must be an entry. */
  T takeSmallest() {
    return Objects.requireNonNull(take(queues.firstEntry()), "no entry");
  }

  /** Removes and returns the oldest entry of a queue; null for none. */
  private @Nullable T take(Map.@Nullable Entry<Integer, Deque<T>> queue) {
    if (queue == null) {
      return null;
    }
    T oldest = queue.getValue().remove();
    if (queue.getValue().isEmpty()) {
      queues.remove(queue.getKey());
    }
    count--;
    return oldest;
  }
}
