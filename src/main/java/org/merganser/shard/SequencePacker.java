package org.merganser.shard;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.merganser.parquet.ShardException;

/**
 * Packs documents into sequences of one length for training. Every sequence lists where its pieces
 * begin, so that attention can be kept within documents.
 *
 * <ul>
 *   <li>{@code concat}: documents back to back, cut every {@code length} ids (with crossDocuments),
 *       or each document cut on its own (without): its last sequence is short.
 *   <li>{@code bestFit}: documents are cut into pieces of at most {@code length} and a piece goes
 *       to the open sequence that it fills best (Ding et al., "Fewer truncations improve language
 *       modeling", 2024), over a window of open sequences; only documents that are longer than a
 *       sequence are cut. Without crossDocuments there is nothing to fit, and it is refused.
 * </ul>
 */
public final class SequencePacker<D> {
  /** How a document is laid into sequences. */
  public enum Strategy {
    CONCAT,
    BEST_FIT
  }

  /**
   * A packed sequence: {@code ids[0, count)}, at most the length.
   *
   * @param starts where each piece begins in {@code ids}; the first is 0
   * @param documents the document of each piece
   * @param offsets where each piece begins in its document
   */
  public record Sequence<D>(int[] ids, int count, int[] starts, List<D> documents, int[] offsets) {}

  /** Takes finished sequences, in order. */
  @FunctionalInterface
  public interface Sequences<D> {
    void accept(Sequence<D> sequence) throws IOException;
  }

  /** Open sequences of bestFit: a bound on the search, and with their ids on memory. */
  private static final int WINDOW = 1024;

  private static final int WINDOW_IDS = 1 << 24;

  private final int length;
  private final Strategy strategy;
  private final boolean crossDocuments;
  private final Sequences<D> out;
  private final int window;
  private final TreeMap<Integer, List<Open<D>>> byRoom = new TreeMap<>();
  private int openCount;
  private Open<D> current;
  private long opened;

  SequencePacker(int length, Strategy strategy, boolean crossDocuments, Sequences<D> out) {
    if (length < 1) {
      throw new ShardException("pack.length is " + length + ", it must be at least 1");
    }
    if (strategy == Strategy.BEST_FIT && !crossDocuments) {
      throw new ShardException(
          "pack.strategy bestFit puts several documents into a sequence; with crossDocuments false"
              + " use concat");
    }
    this.length = length;
    this.strategy = strategy;
    this.crossDocuments = crossDocuments;
    this.out = out;
    this.window = Math.max(16, Math.min(WINDOW, WINDOW_IDS / length));
    this.current = new Open<>(0, length);
  }

  /**
   * Adds a document, {@code ids[0, count)}.
   *
   * @param continues whether it is a further part of the document before it
   */
  void add(D document, int[] ids, int count, boolean continues) throws IOException {
    if (!crossDocuments && !continues) {
      endCurrent();
    }
    for (int from = 0; from < count; ) {
      int room = strategy == Strategy.CONCAT ? length - current.count : length;
      int to = (int) Math.min(count, (long) from + room);
      if (strategy == Strategy.CONCAT) {
        current.add(ids, from, to, document);
        if (current.count == length) {
          endCurrent();
        }
      } else {
        fit(ids, from, to, document);
      }
      from = to;
    }
  }

  /** Hands on what is still open; the last sequences may be short. */
  void finish() throws IOException {
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
