package org.merganser.shard;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

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
public final class SequencePacker {
  /** How a document is laid into sequences. */
  public enum Strategy {
    CONCAT,
    BEST_FIT
  }

  /**
   * A packed sequence: {@code ids[0, count)}, at most the length.
   *
   * @param starts where each piece begins in {@code ids}; the first is 0
   * @param documents the number of the document of each piece, as they were added, from 0
   * @param offsets where each piece begins in its document
   */
  public record Sequence(int[] ids, int count, int[] starts, long[] documents, int[] offsets) {}

  /** Takes finished sequences, in order. */
  @FunctionalInterface
  public interface Sequences {
    void accept(Sequence sequence);
  }

  /** Open sequences of bestFit: a bound on memory and on the search. */
  private static final int WINDOW = 1024;

  private final int length;
  private final Strategy strategy;
  private final boolean crossDocuments;
  private final Sequences out;
  private final TreeMap<Integer, List<Open>> byRoom = new TreeMap<>();
  private int openCount;
  private Open current;
  private long documents;
  private long opened;

  public SequencePacker(int length, Strategy strategy, boolean crossDocuments, Sequences out) {
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
    this.current = new Open(0, length);
  }

  /** Adds a document, {@code ids[0, count)}. */
  public void add(int[] ids, int count) {
    for (int from = 0; from < count; ) {
      int room = strategy == Strategy.CONCAT ? length - current.count : length;
      int to = Math.min(count, from + room);
      if (strategy == Strategy.CONCAT) {
        current.add(ids, from, to, documents);
        if (current.count == length) {
          endCurrent();
        }
      } else {
        fit(ids, from, to);
      }
      from = to;
    }
    if (strategy == Strategy.CONCAT && !crossDocuments) {
      endCurrent();
    }
    documents++;
  }

  /** Hands on what is still open; the last sequences may be short. */
  public void finish() {
    endCurrent();
    List<Open> rest = new ArrayList<>();
    byRoom.values().forEach(rest::addAll);
    rest.sort((a, b) -> Long.compare(a.number, b.number));
    rest.forEach(open -> out.accept(open.sequence()));
    byRoom.clear();
    openCount = 0;
  }

  private void endCurrent() {
    if (current.count > 0) {
      out.accept(current.sequence());
      current = new Open(0, length);
    }
  }

  /** The smallest room that holds the piece, the oldest of those; else a new sequence. */
  private void fit(int[] ids, int from, int to) {
    Integer room = byRoom.ceilingKey(to - from);
    Open open = room == null ? new Open(opened++, length) : take(room, 0);
    open.add(ids, from, to, documents);
    if (open.count == length) {
      out.accept(open.sequence());
      return;
    }
    byRoom.computeIfAbsent(length - open.count, r -> new ArrayList<>()).add(open);
    openCount++;
    if (openCount > WINDOW) {
      out.accept(take(byRoom.firstKey(), 0).sequence()); // the fullest
    }
  }

  private Open take(int room, int index) {
    List<Open> candidates = byRoom.get(room);
    if (candidates == null) {
      throw new IllegalStateException("no open sequence has room " + room);
    }
    Open open = candidates.remove(index);
    if (candidates.isEmpty()) {
      byRoom.remove(room);
    }
    openCount--;
    return open;
  }

  /** A sequence that is being filled. */
  private static final class Open {
    private final long number;
    private final int[] ids;
    private int count;
    private int[] starts = new int[4];
    private long[] documents = new long[4];
    private int[] offsets = new int[4];
    private int pieces;

    Open(long number, int length) {
      this.number = number;
      this.ids = new int[length];
    }

    void add(int[] from, int begin, int end, long document) {
      if (pieces == starts.length) {
        starts = Arrays.copyOf(starts, 2 * pieces);
        documents = Arrays.copyOf(documents, 2 * pieces);
        offsets = Arrays.copyOf(offsets, 2 * pieces);
      }
      starts[pieces] = count;
      documents[pieces] = document;
      offsets[pieces++] = begin;
      System.arraycopy(from, begin, ids, count, end - begin);
      count += end - begin;
    }

    Sequence sequence() {
      return new Sequence(
          ids,
          count,
          Arrays.copyOf(starts, pieces),
          Arrays.copyOf(documents, pieces),
          Arrays.copyOf(offsets, pieces));
    }
  }
}
