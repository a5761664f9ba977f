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
  /** The maximum number of open sequences of bestFit, which bounds the search. */
  private static final int WINDOW = 1024;

  /** The open sequences of bestFit if sequences are so long that memory bounds their number. */
  private static final int SMALLEST_WINDOW = 16;

  /** The number of waiting documents of bestFitCrop, as in nanochat. */
  static final int WAITING = 1000;

  /** The maximum number of ids in open sequences or waiting documents, which bounds the memory. */
  private static final int WINDOW_IDS = 1 << 24;

  private final Strategy strategy;
  private final int length;
  private final SequenceSink out;

  /** The sequence that concat and bestFitCrop fill. */
  private Sequence current;

  /** The open sequences of bestFit by their free room, each room's oldest first. */
  private final TreeMap<Integer, Deque<Sequence>> openByRoom = new TreeMap<>();

  private final int window;
  private int openCount;

  /** The sequences that bestFit has begun. */
  private long opened;

  /** The waiting documents of bestFitCrop by their length, each length's oldest first. */
  private final TreeMap<Integer, Deque<Waiting>> waitingByLength = new TreeMap<>();

  private int waitingCount;
  private long waitingIds;

  /** The ids that bestFitCrop has dropped. */
  private long cropped;

  /** Takes a finished sequence, of which the packer keeps nothing. */
  @FunctionalInterface
  interface SequenceSink {
    void accept(Sequence sequence) throws IOException;
  }

  /** A document that waits for a sequence. */
  private record Waiting(Piece document, int[] ids) {}

  SequencePacker(ShardPacking settings, SequenceSink out) {
    this.strategy = settings.strategy();
    this.length = settings.length();
    this.out = out;
    this.window = Math.max(SMALLEST_WINDOW, Math.min(WINDOW, WINDOW_IDS / length));
    this.current = new Sequence(0, length);
  }

  /** The ids of documents that were cropped, and of their later parts, that are in no sequence. */
  long cropped() {
    return cropped;
  }

  /**
   * Adds a document, or a part of one.
   *
   * @param document the complete document or part as one piece
   * @param ids its ids, {@code [0, count)}; the array may be reused after the call
   * @param continues whether it is the next part of the document that was added before it
   */
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
          addWaiting(new Waiting(document, Arrays.copyOf(ids, count)));
          while (waitingCount >= WAITING || waitingIds > WINDOW_IDS) {
            packWaiting();
          }
        }
      }
    }
  }

  /** Ends all sequences. */
  void finish() throws IOException {
    while (waitingCount > 0) {
      packWaiting();
    }
    endCurrent();
    List<Sequence> rest = new ArrayList<>();
    openByRoom.values().forEach(rest::addAll);
    rest.sort((a, b) -> Long.compare(a.number, b.number));
    for (Sequence open : rest) {
      out.accept(open);
    }
    openByRoom.clear();
    openCount = 0;
  }

  private void concat(Piece document, int[] ids, int count) throws IOException {
    int from = 0;
    while (from < count) {
      int to = (int) Math.min(count, (long) from + length - current.count);
      current.add(ids, from, to, document);
      if (current.count == length) {
        endCurrent();
      }
      from = to;
    }
  }

  private void endCurrent() throws IOException {
    if (current.count > 0) {
      out.accept(current);
      current = new Sequence(0, length);
    }
  }

  /** Puts a piece into the oldest sequence with the smallest sufficient room, or into a new one. */
  private void fit(int[] ids, int from, int to, Piece document) throws IOException {
    Integer room = openByRoom.ceilingKey(to - from);
    Sequence open = room == null ? new Sequence(opened++, length) : takeOpen(room);
    open.add(ids, from, to, document);
    if (open.count == length) {
      out.accept(open);
      return;
    }
    openByRoom.computeIfAbsent(length - open.count, r -> new ArrayDeque<>()).add(open);
    openCount++;
    if (openCount > window) {
      out.accept(takeOpen(openByRoom.firstKey())); // the fullest sequence
    }
  }

  private Sequence takeOpen(int room) {
    openCount--;
    return takeFirst(openByRoom, room);
  }

  /** Removes and returns the oldest entry of a size, of which there is one. */
  private static <T> T takeFirst(Map<Integer, Deque<T>> bySize, int size) {
    Deque<T> ofSize = Objects.requireNonNull(bySize.get(size));
    T first = ofSize.remove();
    if (ofSize.isEmpty()) {
      bySize.remove(size);
    }
    return first;
  }

  /** Adds a waiting document; one without ids is in no sequence. */
  private void addWaiting(Waiting document) {
    int count = document.ids.length;
    if (count > 0) {
      waitingByLength.computeIfAbsent(count, l -> new ArrayDeque<>()).add(document);
      waitingCount++;
      waitingIds += count;
    }
  }

  /** Adds to the current sequence the longest waiting document that fits, else the shortest one. */
  private void packWaiting() throws IOException {
    int room = length - current.count;
    Integer fitting = waitingByLength.floorKey(room);
    Waiting next =
        takeFirst(waitingByLength, fitting == null ? waitingByLength.firstKey() : fitting);
    int count = next.ids.length;
    waitingCount--;
    waitingIds -= count;
    int taken = Math.min(count, room);
    cropped += count - taken;
    current.add(next.ids, 0, taken, next.document);
    if (current.count == length) {
      endCurrent();
    }
  }

  /** Ids {@code [0, count)}, at most the length; the first piece starts at 0. */
  static final class Sequence {
    /** Counts the sequences of bestFit in the order in which they were begun; else 0. */
    private final long number;

    private final int length;
    int[] ids = new int[16];
    int count;
    final List<Piece> pieces = new ArrayList<>();

    private Sequence(long number, int length) {
      this.number = number;
      this.length = length;
    }

    /** Adds the ids {@code from[begin, end)} of a document as a piece; there is room for them. */
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
