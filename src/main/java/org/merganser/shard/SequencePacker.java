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
import org.jspecify.annotations.Nullable;
import org.merganser.shard.PackSettings.Strategy;

/**
 * Packs documents into sequences of one length for training, as {@link PackSettings} say. Every
 * sequence lists where its pieces begin, so that attention can be kept within documents. Memory:
 * the ids of a window, 64 MB, and those of the document that passes it.
 */
final class SequencePacker<D> {
  /**
   * A packed sequence: {@code ids[0, count)}, at most the length.
   *
   * @param starts where each piece begins in {@code ids}; the first is 0
   * @param documents the document of each piece
   * @param offsets where each piece begins in its document
   */
  record Sequence<D>(int[] ids, int count, int[] starts, List<D> documents, int[] offsets) {}

  /** Takes finished sequences, in order. */
  @FunctionalInterface
  interface Sequences<D> {
    void accept(Sequence<D> sequence) throws IOException;
  }

  /** Open sequences of bestFit: a bound on the search, and with their ids on memory. */
  private static final int WINDOW = 1024;

  /** Waiting documents of bestFitCrop, as many as nanochat's. */
  static final int WAITING = 1000;

  private static final int WINDOW_IDS = 1 << 24;

  private final Strategy strategy;
  private final int length;
  private final Sequences<D> out;
  private final int window;
  private final TreeMap<Integer, List<Open<D>>> byRoom = new TreeMap<>();
  private int openCount;
  private final TreeMap<Integer, Deque<Waiting<D>>> byLength = new TreeMap<>();
  private int waitingCount;
  private long waitingIds;
  private Open<D> current;
  private long opened;
  private long cropped;

  SequencePacker(PackSettings settings, Sequences<D> out) {
    this.strategy = settings.strategy();
    this.length = settings.length();
    this.out = out;
    this.window = Math.max(16, Math.min(WINDOW, WINDOW_IDS / length));
    this.current = new Open<>(0, length);
  }

  /** Ids that were lost so far because a document was cropped. */
  long cropped() {
    return cropped;
  }

  /**
   * Adds a document, {@code ids[0, count)}.
   *
   * @param continues whether it is a further part of the document before it
   */
  void add(D document, int[] ids, int count, boolean continues) throws IOException {
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
          await(new Waiting<>(document, Arrays.copyOf(ids, count)));
          while (waitingCount >= WAITING || waitingIds > WINDOW_IDS) {
            takeWaiting();
          }
        }
      }
    }
  }

  private void concat(D document, int[] ids, int count) throws IOException {
    for (int from = 0; from < count; ) {
      int to = (int) Math.min(count, (long) from + length - current.count);
      current.add(ids, from, to, document);
      if (current.count == length) {
        endCurrent();
      }
      from = to;
    }
  }

  /** Hands on what is still open; the last sequences may be short. */
  void finish() throws IOException {
    while (waitingCount > 0) {
      takeWaiting();
    }
    endCurrent();
    List<Open<D>> rest = new ArrayList<>();
    byRoom.values().forEach(rest::addAll);
    rest.sort((a, b) -> Long.compare(a.number, b.number));
    for (Open<D> open : rest) {
      out.accept(open.sequence());
    }
    byRoom.clear();
    openCount = 0;
  }

  private void endCurrent() throws IOException {
    if (current.count > 0) {
      out.accept(current.sequence());
      current = new Open<>(0, length);
    }
  }

  /** The smallest room that holds the piece, the oldest of those; else a new sequence. */
  private void fit(int[] ids, int from, int to, D document) throws IOException {
    Integer room = byRoom.ceilingKey(to - from);
    Open<D> open = room == null ? new Open<>(opened++, length) : take(room, 0);
    open.add(ids, from, to, document);
    if (open.count == length) {
      out.accept(open.sequence());
      return;
    }
    byRoom.computeIfAbsent(length - open.count, r -> new ArrayList<>()).add(open);
    openCount++;
    if (openCount > window) {
      out.accept(take(byRoom.firstKey(), 0).sequence()); // the fullest
    }
  }

  private Open<D> take(int room, int index) {
    List<Open<D>> candidates = byRoom.get(room);
    if (candidates == null) {
      throw new IllegalStateException("no open sequence has room " + room);
    }
    Open<D> open = candidates.remove(index);
    if (candidates.isEmpty()) {
      byRoom.remove(room);
    }
    openCount--;
    return open;
  }

  /** A document that waits for a sequence. */
  private record Waiting<D>(D document, int[] ids) {
    int length() {
      return ids.length;
    }
  }

  private void await(Waiting<D> document) {
    if (document.length() > 0) {
      byLength.computeIfAbsent(document.length(), l -> new ArrayDeque<>()).add(document);
      waitingCount++;
      waitingIds += document.length();
    }
  }

  /**
   * Moves one waiting document into the current sequence; of equal ones the one that came first.
   */
  private void takeWaiting() throws IOException {
    int room = length - current.count;
    Map.Entry<Integer, Deque<Waiting<D>>> fitting = byLength.floorEntry(room);
    Waiting<D> document = next(fitting == null ? byLength.firstEntry() : fitting);
    int taken = Math.min(document.length(), room);
    cropped += document.length() - taken;
    current.add(document.ids, 0, taken, document.document);
    if (current.count == length) {
      endCurrent();
    }
  }

  private Waiting<D> next(Map.@Nullable Entry<Integer, Deque<Waiting<D>>> ofLength) {
    Deque<Waiting<D>> documents = Objects.requireNonNull(ofLength).getValue();
    Waiting<D> document = documents.remove();
    if (documents.isEmpty()) {
      byLength.remove(document.length());
    }
    waitingCount--;
    waitingIds -= document.length();
    return document;
  }

  /** A sequence that is being filled. */
  private static final class Open<D> {
    private final long number;
    private final int length;
    private int[] ids = new int[16];
    private int count;
    private int[] starts = new int[4];
    private int[] offsets = new int[4];
    private final List<D> documents = new ArrayList<>();

    Open(long number, int length) {
      this.number = number;
      this.length = length;
    }

    void add(int[] from, int begin, int end, D document) {
      int pieces = documents.size();
      if (pieces == starts.length) {
        starts = Arrays.copyOf(starts, 2 * pieces);
        offsets = Arrays.copyOf(offsets, 2 * pieces);
      }
      int needed = count + end - begin;
      if (needed > ids.length) {
        ids = Arrays.copyOf(ids, (int) Math.min(length, Math.max(needed, 2L * ids.length)));
      }
      starts[pieces] = count;
      offsets[pieces] = begin;
      documents.add(document);
      System.arraycopy(from, begin, ids, count, end - begin);
      count += end - begin;
    }

    Sequence<D> sequence() {
      int pieces = documents.size();
      return new Sequence<>(
          ids,
          count,
          Arrays.copyOf(starts, pieces),
          List.copyOf(documents),
          Arrays.copyOf(offsets, pieces));
    }
  }
}
