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
 * @param window a group that had more than the share {@code alpha / groups} of the last {@code
 *     window} merges is skipped; 0 skips none
 * @param alpha a group may have {@code alpha} times its equal share, {@code 1 / groups}, of the
 *     last {@code window} merges
 */
@SuppressWarnings("ArrayRecordComponent") // settings are never compared
public record ParitySettings(
    int groups, double @Nullable [] ratios, int globalMerges, int window, double alpha) {
  public ParitySettings {
    if (ratios != null && ratios.length != groups) {
      throw new IllegalArgumentException(ratios.length + " ratios for " + groups + " groups");
    }
  }
}
