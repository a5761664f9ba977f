package org.merganser.shard;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Packs by {@link ShardPacking.Strategy#BEST_FIT}: each piece goes to the open sequence that it
 * fills best.
 */
final class BestFitPacker extends SequencePacker {
  /** The maximum number of open sequences, which bounds the search. */
  private static final int MAX_WINDOW = 1024;

  /**
   * The minimum number of open sequences, also if so many have more ids than {@link #WINDOW_IDS}.
   */
  private static final int MIN_WINDOW = 16;

  /** An open sequence and its number, in the order in which sequences were begun. */
  private record Open(long number, PackedSequence sequence) {}

  /** The open sequences by their free room. */
  private final QueuesBySize<Open> openByRoom = new QueuesBySize<>();

  /** The maximum number of open sequences. */
  private final int window;

  /** The sequences that were begun. */
  private long begun;

  BestFitPacker(int length, SequenceSink out) {
    super(length, out);
    this.window = Math.max(MIN_WINDOW, Math.min(MAX_WINDOW, WINDOW_IDS / length));
  }

  @Override
  void add(Piece document, int[] ids, int count, boolean continues) throws IOException {
    int from = 0;
    while (from < count) {
      int to = from + Math.min(count - from, length);
      addPiece(document, ids, from, to);
      from = to;
    }
  }

  /**
   * Adds the ids {@code [from, to)} of a document to the oldest sequence with the smallest
   * sufficient room, or to a new one.
   */
  private void addPiece(Piece document, int[] ids, int from, int to) throws IOException {
    Open open = openByRoom.takeAtLeast(to - from);
    if (open == null) {
      open = new Open(begun, new PackedSequence(length));
      begun++;
    }
    PackedSequence sequence = open.sequence;
    sequence.add(ids, from, to, document);
    if (sequence.room() == 0) {
      out.accept(sequence);
      return;
    }
    openByRoom.add(sequence.room(), open);
    if (openByRoom.count() > window) {
      out.accept(openByRoom.takeSmallest().sequence); // the fullest sequence
    }
  }

  /** Ends the open sequences, in the order in which they were begun. */
  @Override
  void finish() throws IOException {
    List<Open> rest = new ArrayList<>();
    while (openByRoom.count() > 0) {
      rest.add(openByRoom.takeSmallest());
    }
    rest.sort(Comparator.comparingLong(Open::number));
    for (Open open : rest) {
      out.accept(open.sequence);
    }
  }
}
