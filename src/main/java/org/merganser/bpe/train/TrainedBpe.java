package org.merganser.bpe.train;

import java.util.Arrays;
import java.util.List;

/**
 * A learned vocabulary, or one to continue from.
 *
 * @param tokens the vocabulary by id, in the byte-level form that tokenizer.json holds
 * @param merges pairs of ids by rank, {@code merges[2 * r]} left and {@code merges[2 * r + 1]}
 *     right
 */
public record TrainedBpe(List<String> tokens, int[] merges) {
  /** No tokens and no merges. */
  public static final TrainedBpe NONE = new TrainedBpe(List.of(), new int[0]);

  /** The number of merges. */
  public int mergeCount() {
    return merges.length / 2;
  }

  /** The tokens of this vocabulary, with the merges of an earlier training before its own. */
  public TrainedBpe after(TrainedBpe earlier) {
    int[] all = Arrays.copyOf(earlier.merges, earlier.merges.length + merges.length);
    System.arraycopy(merges, 0, all, earlier.merges.length, merges.length);
    return new TrainedBpe(tokens, all);
  }
}
