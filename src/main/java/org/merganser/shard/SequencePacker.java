package org.merganser.shard;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.merganser.shard.ShardPacking.Strategy;

/**
 * Packs documents into sequences of one length for training, by {@link ShardPacking}. Every
 * sequence lists the starts of its pieces, so that attention can be limited to documents. Memory:
 * the ids of a window, 64 MB, and the ids of the document that exceeds it.
 */
final class SequencePacker {
  @FunctionalInterface
  interface Sequences {
    void accept(Sequence sequence) throws IOException;
  }

  /**
   * The maximum number of open sequences of bestFit; bounds the search and, with their ids, the
   * memory.
   */
  private static final int WINDOW = 1024;

  /** The number of waiting documents of bestFitCrop, as in nanochat. */
  static final int WAITING = 1000;

  private static final int WINDOW_IDS = 1 << 24;

  private final Strategy strategy;
  private final int length;
  private final Sequences out;
  private final int window;
  private final TreeMap<Integer, Deque<Sequence>> byRoom = new TreeMap<>();
  private int openCount;
  private final TreeMap<Integer, Deque<Waiting>> byLength = new TreeMap<>();
  private int waitingCount;
  private long waitingIds;
  private Sequence current;
  private long opened;
  private long cropped;

  SequencePacker(ShardPacking settings, Sequences out) {
    this.strategy = settings.strategy();
    this.length = settings.length();
    this.out = out;
    this.window = Math.max(16, Math.min(WINDOW, WINDOW_IDS / length));
    this.current = new Sequence(0, length);
  }

  long cropped() {
    return cropped;
  }

  /** Adds a document as one piece, which may continue the one before it. */
  void add(Piece document, int[] ids, int count, boolean continues) throws IOException {
    switch (strategy) {
      case CONCAT -> concat(document, ids, count);
      case BEST_FIT -> {
        for (int from = 0; from < count; from += length) {
          fit(ids, from, (int) Math.min(count, (long) from + length), document);
        }
      }
      case BEST_FIT_CROP -> {
        if (continues) {
          cropped += count;
        } else {
          await(new Waiting(document, Arrays.copyOf(ids, count)));
          while (waitingCount >= WAITING || waitingIds > WINDOW_IDS) {
            takeWaiting();
          }
        }
      }
    }
  }

  private void concat(Piece document, int[] ids, int count) throws IOException {
    for (int from = 0; from < count; ) {
      int to = (int) Math.min(count, (long) from + length - current.count);
      current.add(ids, from, to, document);
      if (current.count == length) {
        endCurrent();
      }
      from = to;
    }
  }

  void finish() throws IOException {
    while (waitingCount > 0) {
      takeWaiting();
    }
    endCurrent();
    List<Sequence> rest = new ArrayList<>();
    byRoom.values().forEach(rest::addAll);
    rest.sort((a, b) -> Long.compare(a.number, b.number));
    for (Sequence open : rest) {
      out.accept(open);
    }
    byRoom.clear();
    openCount = 0;
  }

  private void endCurrent() throws IOException {
    if (current.count > 0) {
      out.accept(current);
      current = new Sequence(0, length);
    }
  }

  /** Puts a piece into the oldest sequence with the smallest sufficient room, or into a new one. */
  private void fit(int[] ids, int from, int to, Piece document) throws IOException {
    Integer room = byRoom.ceilingKey(to - from);
    Sequence open = room == null ? new Sequence(opened++, length) : take(room);
    open.add(ids, from, to, document);
    if (open.count == length) {
      out.accept(open);
      return;
    }
    byRoom.computeIfAbsent(length - open.count, r -> new ArrayDeque<>()).add(open);
    openCount++;
    if (openCount > window) {
      out.accept(take(byRoom.firstKey())); // the fullest sequence
    }
  }

  private Sequence take(int room) {
    openCount--;
    return first(byRoom, room);
  }

  private static <T> T first(Map<Integer, Deque<T>> bySize, int size) {
    Deque<T> ofSize = Objects.requireNonNull(bySize.get(size));
    T first = ofSize.remove();
    if (ofSize.isEmpty()) {
      bySize.remove(size);
    }
    return first;
  }

  private record Waiting(Piece document, int[] ids) {}

  private void await(Waiting document) {
    int count = document.ids.length;
    if (count > 0) {
      byLength.computeIfAbsent(count, l -> new ArrayDeque<>()).add(document);
      waitingCount++;
      waitingIds += count;
    }
  }

  private void takeWaiting() throws IOException {
    int room = length - current.count;
    Integer fitting = byLength.floorKey(room);
    Waiting document = first(byLength, fitting == null ? byLength.firstKey() : fitting);
    int count = document.ids.length;
    waitingCount--;
    waitingIds -= count;
    int taken = Math.min(count, room);
    cropped += count - taken;
    current.add(document.ids, 0, taken, document.document);
    if (current.count == length) {
      endCurrent();
    }
  }

  /** Ids {@code [0, count)}, at most the length; the first piece starts at 0. */
  static final class Sequence {
    private final long number;
    private final int length;
    int[] ids = new int[16];
    int count;
    final List<Piece> pieces = new ArrayList<>();

    private Sequence(long number, int length) {
      this.number = number;
      this.length = length;
    }

    private void add(int[] from, int begin, int end, Piece document) {
      int needed = count + end - begin;
      if (needed > ids.length) {
        ids = Arrays.copyOf(ids, (int) Math.min(length, Math.max(needed, 2L * ids.length)));
      }
      pieces.add(document.at(count, begin));
      System.arraycopy(from, begin, ids, count, end - begin);
      count = needed;
    }
  }
}
