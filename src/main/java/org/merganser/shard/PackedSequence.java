package org.merganser.shard;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A sequence that a {@link SequencePacker} fills with ids {@code [0, count)}. */
final class PackedSequence {
  private static final int FIRST_CAPACITY = 16;

  /** The maximum number of ids. */
  private final int length;

  /** The ids; the array grows with them, and may be longer. */
  int[] ids = new int[FIRST_CAPACITY];

  /** The number of ids. */
  int count;

  /** The origin of the ids; the first piece starts at 0. */
  final List<Piece> pieces = new ArrayList<>();

  PackedSequence(int length) {
    this.length = length;
  }

  /** The number of ids that can be added. */
  int room() {
    return length - count;
  }

  /** Adds the ids {@code from[begin, end)} of a document as a piece; there is room for them. */
  void add(int[] from, int begin, int end, Piece document) {
    int newCount = count + end - begin;
    if (newCount > ids.length) {
      long capacity = Math.max(newCount, 2L * ids.length);
      ids = Arrays.copyOf(ids, (int) Math.min(length, capacity));
    }
    pieces.add(document.at(count, begin));
    System.arraycopy(from, begin, ids, count, end - begin);
    count = newCount;
  }
}
