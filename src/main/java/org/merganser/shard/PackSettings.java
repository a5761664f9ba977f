package org.merganser.shard;

import org.merganser.parquet.ShardException;

/**
 * How documents become sequences of one length.
 *
 * @param length of a sequence in ids
 * @param remainder what is done with sequences that stay short
 * @param beginId put before each document; -1: none
 * @param fillId fills sequences for {@link Remainder#PAD}
 */
public record PackSettings(
    int length, Strategy strategy, Remainder remainder, int beginId, int fillId) {

  /** How documents are placed in sequences. */
  public enum Strategy {
    /** Documents back to back, cut every {@code length} ids. */
    CONCAT,
    /**
     * Documents are cut into pieces of at most {@code length}, and a piece goes to the open
     * sequence that it fills best (Ding et al., "Fewer truncations improve language modeling",
     * 2024), over a window of open sequences.
     */
    BEST_FIT,
    /**
     * A sequence repeatedly takes the longest waiting document that fits. When none fits, the
     * shortest one is cropped to the free room, and its rest is lost (nanochat/dataloader.py). So
     * each sequence is full and begins with a document.
     */
    BEST_FIT_CROP
  }

  /** What is done with a sequence that stays short. */
  public enum Remainder {
    /** It stays short; layouts without lengths fill it. */
    KEEP,
    /** It is left out. */
    DROP,
    /** It is filled in all layouts. */
    PAD
  }

  public PackSettings {
    if (length < 1) {
      throw new ShardException("pack.length is " + length + ", it must be at least 1");
    }
  }
}
