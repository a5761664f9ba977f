package org.merganser.learn.ngram;

import org.merganser.learn.MergedTables;

/** How many bits a model needs for the documents that it was learned from, by their counts. */
public final class TrainingEntropy {
  private static final double LN_2 = StrictMath.log(2);

  private final NgramModel model;
  private final int[] history;
  private double bits;

  private TrainingEntropy(NgramModel model) {
    this.model = model;
    this.history = new int[model.shape().order()];
  }

  /**
   * The sum of −log2 of each symbol's probability after those before it, the ends of documents
   * included; in the order of the tables, so that it is the same everywhere.
   *
   * @param tables as {@link NgramCounter} counted them for the model's shape
   */
  public static double bits(NgramModel model, MergedTables tables) {
    TrainingEntropy entropy = new TrainingEntropy(model);
    tables.forEachTuple(entropy::add);
    return entropy.bits;
  }

  private void add(int[] tuple, long count) {
    int from = history.length;
    for (int i = 1; i < tuple.length; i++) {
      history[--from] = tuple[i] == 0 ? model.shape().begin() : tuple[i] - 1;
      if (tuple[i] == 0) {
        break;
      }
    }
    double probability = model.probability(history, from, history.length, tuple[0] - 1);
    bits -= count * (StrictMath.log(probability) / LN_2);
  }
}
