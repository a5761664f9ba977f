package org.merganser.shard;

import java.io.IOException;

/**
 * Packs documents into sequences of one length for training, in the way of a {@link
 * ShardPacking.Strategy}. Every sequence has the starts of its pieces, so that attention can be
 * limited to documents. Memory: the ids of a window, 64 MiB, and the ids of the document that
 * exceeds it; more for sequences of more than a million ids.
 */
abstract class SequencePacker {
  /**
   * The number of ids in open sequences or waiting documents at which a packer ends sequences,
   * which bounds the memory.
   */
  static final int WINDOW_IDS = 1 << 24;

  /** The length of a sequence in ids. */
  final int length;

  /** Takes the finished sequences. */
  final SequenceSink out;

  /** Takes a finished sequence, of which the packer keeps nothing. */
  @FunctionalInterface
  interface SequenceSink {
    /** Takes the next sequence. */
    void accept(PackedSequence sequence) throws IOException;
  }

  SequencePacker(int length, SequenceSink out) {
    this.length = length;
    this.out = out;
  }

  /** A packer with these settings, which finishes sequences into {@code out}. */
  static SequencePacker of(ShardPacking settings, SequenceSink out) {
    int length = settings.length();
    return switch (settings.strategy()) {
      case CONCAT -> new ConcatPacker(length, out);
      case BEST_FIT -> new BestFitPacker(length, out);
      case BEST_FIT_CROP -> new BestFitCropPacker(length, out);
    };
  }

  /**
   * Adds a document, or a part of one.
   *
   * @param document the complete document or part as one piece
   * @param ids its ids, {@code [0, count)}; the array may be reused after the call
   * @param continues whether it is the next part of the document that was added before it
   */
  abstract void add(Piece document, int[] ids, int count, boolean continues) throws IOException;

  /** Ends all sequences; call once, after the last document. */
  abstract void finish() throws IOException;

  /** The ids that are in no sequence, of documents that were cropped and of their later parts. */
  long cropped() {
    return 0;
  }
}
