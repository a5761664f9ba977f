package org.merganser.shard;

import java.util.Arrays;

/** The labels of a row: its ids, and {@link #IGNORED} for those on which no model is trained. */
final class TrainingLabels {
  /** The label of an id that is not predicted; torch's losses ignore it. */
  static final int IGNORED = -100;

  private TrainingLabels() {}

  /** The labels: no model is trained on ids that fill a sequence or have a 0 in the loss mask. */
  static int[] of(ShardRow row) {
    int[] mask = row.mask;
    int predicted = row.documentIds();
    if (mask == null && predicted == row.count) {
      return row.ids;
    }
    int[] labels = Arrays.copyOf(row.ids, row.count);
    for (int i = 0; i < row.count; i++) {
      if (i >= predicted || (mask != null && mask[i] == 0)) {
        labels[i] = IGNORED;
      }
    }
    return labels;
  }
}
