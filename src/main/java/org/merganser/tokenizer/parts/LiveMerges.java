package org.merganser.tokenizer.parts;

import java.util.Arrays;
import org.merganser.bpe.encode.BpeModel;

/**
 * The merges of a model that apply, for writing them. If two merges join the same pair, only the
 * last one applies, since HF keeps a map of pairs; {@link BpeModel#isLive} decides it.
 */
public final class LiveMerges {
  private LiveMerges() {}

  /** The ranks of the merges that apply, ascending. */
  public static int[] ranks(BpeModel model) {
    int[] ranks = new int[model.mergeCount()];
    int count = 0;
    for (int rank = 0; rank < ranks.length; rank++) {
      if (model.isLive(rank)) {
        ranks[count] = rank;
        count++;
      }
    }
    return Arrays.copyOf(ranks, count);
  }

  /** The token on the left of a merge. */
  public static String leftToken(BpeModel model, int rank) {
    return requiredToken(model, model.mergeLeft(rank));
  }

  /** The token on the right of a merge. */
  public static String rightToken(BpeModel model, int rank) {
    return requiredToken(model, model.mergeRight(rank));
  }

  /** The token of an id that a merge names. */
  private static String requiredToken(BpeModel model, int id) {
    String token = model.token(id);
    if (token == null) {
      throw new IllegalStateException("a merge names id " + id + ", which is not in the model");
    }
    return token;
  }
}
