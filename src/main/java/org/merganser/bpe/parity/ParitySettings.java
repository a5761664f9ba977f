package org.merganser.bpe.parity;

import org.jspecify.annotations.Nullable;

/**
 * How merges are shared among groups, such as languages ({@link ParityTrainer}).
 *
 * @param groups the number of groups
 * @param ratios by group, its wanted compression in proportion to the others; null for equal
 *     numbers of tokens
 * @param globalMerges the number of first merges that each take the most frequent pair of all
 *     groups together
 * @param window the number of last merges among which a group may have at most a limited number:
 *     {@link NeediestGroup} skips a group that had more; 0 for no limit
 * @param alpha the limit: {@code alpha} times an equal share, which is {@code window / groups}
 */
@SuppressWarnings("ArrayRecordComponent") // settings are never compared
public record ParitySettings(
    int groups, double @Nullable [] ratios, int globalMerges, int window, double alpha) {
  public ParitySettings {
    if (globalMerges < 0 || window < 0) {
      throw new IllegalArgumentException(
          globalMerges + " global merges and a window of " + window + " must be 0 or more");
    }
    if (ratios != null && ratios.length != groups) {
      throw new IllegalArgumentException(ratios.length + " ratios for " + groups + " groups");
    }
  }
}
