package org.merganser.shard;

import java.io.IOException;
import java.util.Arrays;

/**
 * Packs by {@link ShardPacking.Strategy#BEST_FIT_CROP}: a sequence takes the longest waiting
 * document that fits, and at its end a beginning of the shortest one.
 */
final class BestFitCropPacker extends SequencePacker {
  /** The number of waiting documents, as in nanochat. */
  static final int WAITING = 1000;

  /** A document that waits for a sequence. */
  private record Waiting(Piece document, int[] ids) {}

  /** The waiting documents by the number of their ids. */
  private final QueuesBySize<Waiting> waitingByLength = new QueuesBySize<>();

  /** The ids of all waiting documents. */
  private long waitingIds;

  /** The sequence that is being filled. */
  private PackedSequence current;

  /** The ids that were dropped. */
  private long cropped;

  BestFitCropPacker(int length, SequenceSink out) {
    super(length, out);
    this.current = new PackedSequence(length);
  }

  @Override
  long cropped() {
    return cropped;
  }

  /** Adds a document; its later parts are dropped, and one without ids is in no sequence. */
  @Override
  void add(Piece document, int[] ids, int count, boolean continues) throws IOException {
    if (continues) {
      cropped += count;
      return;
    }
    if (count > 0) {
      waitingByLength.add(count, new Waiting(document, Arrays.copyOf(ids, count)));
      waitingIds += count;
    }
    while (waitingByLength.count() >= WAITING || waitingIds > WINDOW_IDS) {
      packWaiting();
    }
  }

  @Override
  void finish() throws IOException {
    while (waitingByLength.count() > 0) {
      packWaiting();
    }
    if (current.count > 0) {
      endCurrent();
    }
  }

  /** Adds to the current sequence the longest waiting document that fits, else the shortest one. */
  private void packWaiting() throws IOException {
    Waiting next = waitingByLength.takeAtMost(current.room());
    if (next == null) {
      next = waitingByLength.takeSmallest();
    }
    int count = next.ids.length;
    waitingIds -= count;
    int taken = Math.min(count, current.room());
    cropped += count - taken;
    current.add(next.ids, 0, taken, next.document);
    if (current.room() == 0) {
      endCurrent();
    }
  }

  private void endCurrent() throws IOException {
    out.accept(current);
    current = new PackedSequence(length);
  }
}
