package org.merganser.bpe.parity;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How merges are shared among groups, such as languages ({@link ParityTrainer}).
 *
 * @param groups how many there are
 * @param ratios how far each group shall be compressed in proportion to the others; null: groups
 *     shall have the same number of tokens
 * @param globalMerges how many merges come first that each take the pair most frequent in all
 *     groups together
 * @param window a group is skipped that had more than the share {@code alpha / groups} of the last
 *     {@code window} merges; 0: none is
 * @param alpha see {@code window}
 */
public record ParitySettings(
    int groups, double @Nullable [] ratios, int globalMerges, int window, double alpha) {

  /**
   * @throws IllegalArgumentException naming the setting, its value and what is allowed
   */
  public ParitySettings {
    check(groups >= 1, "groups", groups, "1 or more");
    check(globalMerges >= 0, "globalMerges", globalMerges, "0 or more");
    check(window >= 0, "window", window, "0 or more");
    check(alpha > 0 && Double.isFinite(alpha), "alpha", alpha, "a number above 0");
    if (ratios != null) {
      ratios = ratios.clone();
      check(ratios.length == groups, "ratios", ratios.length + " numbers", groups + " of them");
      for (double ratio : ratios) {
        check(ratio > 0 && Double.isFinite(ratio), "ratios", ratio, "numbers above 0");
      }
    }
  }

  private static void check(boolean ok, String name, Object value, String allowed) {
    if (!ok) {
      throw new IllegalArgumentException(
          "parity: " + name + " is " + value + "; allowed: " + allowed);
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ParitySettings parity
        && groups == parity.groups
        && Arrays.equals(ratios, parity.ratios)
        && globalMerges == parity.globalMerges
        && window == parity.window
        && alpha == parity.alpha;
  }

  @Override
  public int hashCode() {
    return Objects.hash(groups, Arrays.hashCode(ratios), globalMerges, window, alpha);
  }
}
