package org.merganser.shard;

import java.util.Arrays;

/**
 * Makes the labels of a row, with which a model is trained: the ids of the row, and {@link
 * #IGNORED} in place of those on which no model is trained. The loss mask of a row says which these
 * are; it is made where the segments of a document are encoded ({@code
 * pipeline/encode/DocumentIds}).
 */
final class TrainingLabels {
  /** The label of an id that a model does not learn to predict; torch's losses ignore it. */
  static final int IGNORED = -100;

  private TrainingLabels() {}

  /**
   * The labels of a row, {@code [0, count)}; the array of its ids if none is ignored. Ignored are
   * ids that fill a sequence, and ids with a 0 in the loss mask.
   */
  static int[] of(ShardRow row) {
    int[] mask = row.mask;
    int documentIds = row.documentIdCount();
    if (mask == null && documentIds == row.count) {
      return row.ids;
    }
    int[] labels = Arrays.copyOf(row.ids, row.count);
    for (int i = 0; i < row.count; i++) {
      if (i >= documentIds || (mask != null && mask[i] == 0)) {
        labels[i] = IGNORED;
      }
    }
    return labels;
  }
}
