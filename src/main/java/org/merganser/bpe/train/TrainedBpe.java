package org.merganser.bpe.train;

import java.util.List;

/**
 * A learned vocabulary.
 *
 * @param tokens the vocabulary by id, in the byte-level form that tokenizer.json holds
 * @param merges pairs of ids by rank, {@code merges[2 * r]} left and {@code merges[2 * r + 1]}
 *     right
 */
public record TrainedBpe(List<String> tokens, int[] merges) {
  public int mergeCount() {
    return merges.length / 2;
  }
}
