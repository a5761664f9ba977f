package org.merganser.shard;

import org.merganser.parquet.ShardException;

/**
 * How documents become sequences of one length.
 *
 * @param length of a sequence in ids
 * @param remainder the treatment of short sequences
 * @param beginId put before each document; -1 for none
 * @param fillId fills sequences for {@link Remainder#PAD}
 */
public record PackSettings(
    int length, Strategy strategy, Remainder remainder, int beginId, int fillId) {

  public enum Strategy {
    /** Documents back to back, cut every {@code length} ids. */
    CONCAT,
    /**
     * Documents are cut into pieces of at most {@code length}. A piece goes to the open sequence
     * that it fills best, over a window of open sequences (Ding et al., "Fewer truncations improve
     * language modeling", 2024).
     */
    BEST_FIT,
    /**
     * A sequence repeatedly takes the longest waiting document that fits. If none fits, the
     * shortest one is cropped to the free room, and its rest is dropped (nanochat/dataloader.py).
     * So each sequence is full and begins with a document.
     */
    BEST_FIT_CROP
  }

  public enum Remainder {
    KEEP,
    DROP,
    /** Short sequences are filled in all layouts. */
    PAD
  }

  public PackSettings {
    if (length < 1) {
      throw new ShardException("pack.length is " + length + ", it must be at least 1");
    }
  }
}
