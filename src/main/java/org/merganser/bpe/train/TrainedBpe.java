package org.merganser.bpe.train;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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

  /**
   * What plain training from the same counts learns with a smaller {@code vocabSize}: it makes the
   * same merges in the same order, and stops with the one that fills the vocabulary.
   *
   * @param vocabSize as the trainer's; where special tokens and alphabet are more, they alone
   */
  public TrainedBpe prefix(int vocabSize) {
    if (vocabSize > tokens.size()) {
      return this; // merges whose tokens there are already may stand behind the last new token
    }
    int[] makers = makers();
    int learned = tokens.size(); // the first id that a merge made
    while (learned > 0
        && makers[learned - 1] >= 0
        && (learned == tokens.size() || makers[learned - 1] < makers[learned])) {
      learned--;
    }
    return vocabSize <= learned
        ? new TrainedBpe(tokens.subList(0, learned), new int[0])
        : new TrainedBpe(
            tokens.subList(0, vocabSize), Arrays.copyOf(merges, 2 * makers[vocabSize - 1] + 2));
  }

  /** By id, the first merge whose result is that token; -1 for none. */
  private int[] makers() {
    Map<String, Integer> ids = new HashMap<>(2 * tokens.size());
    for (int id = 0; id < tokens.size(); id++) {
      ids.put(tokens.get(id), id);
    }
    int[] makers = new int[tokens.size()];
    Arrays.fill(makers, -1);
    for (int rank = 0; rank < mergeCount(); rank++) {
      int made =
          ids.getOrDefault(tokens.get(merges[2 * rank]) + tokens.get(merges[2 * rank + 1]), -1);
      if (made >= 0 && makers[made] < 0) {
        makers[made] = rank;
      }
    }
    return makers;
  }
}
