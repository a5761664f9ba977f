package org.merganser.bpe.parity;

import org.jspecify.annotations.Nullable;

/**
 * Chooses the group of the next merge: the neediest one. This is the group with the most tokens, or
 * with ratios the one with the smallest {@code (tokens at first / tokens) / ratio}, as HF computes
 * it in doubles; of equals the first. With a window, a group that had too many of the last merges
 * is skipped; if all groups had, the least needy one is chosen.
 *
 * <p>A group without a pair left is {@link #exhaust exhausted} and never chosen again, as in HF's
 * trainer; the paper's program ends there. With a window, all remaining groups can be over the
 * limit. HF's trainer then takes the first of all groups, exhausted or not, or never ends, so it is
 * not followed here.
 */
final class NeediestGroup {
  private final ParitySettings settings;
  private final double @Nullable [] ratios;
  private final long[] atFirst;
  private final boolean[] exhausted;

  private final int[] window;

  private int windowed;
  private int oldest;
  private final int[] chosen;

  /**
   * @param tokens of each group before the first merge
   */
  NeediestGroup(ParitySettings settings, long[] tokens) {
    this.settings = settings;
    this.ratios = settings.ratios();
    this.atFirst = tokens.clone();
    this.exhausted = new boolean[settings.groups()];
    this.window = new int[settings.window()];
    this.chosen = new int[settings.groups()];
  }

  void exhaust(int group) {
    exhausted[group] = true;
  }

  /** The group that is worst off by the {@code tokens} of each; -1 when all are exhausted. */
  int next(long[] tokens) {
    if (window.length == 0) {
      return neediest(tokens, exhausted);
    }
    double limit = settings.alpha() / settings.groups();
    boolean[] passed = exhausted.clone();
    int last = -1;
    boolean within = false;
    for (int group = neediest(tokens, passed);
        group >= 0 && !within;
        group = neediest(tokens, passed)) {
      last = group;
      within = (double) chosen[group] / window.length <= limit;
      passed[group] = true;
    }
    if (last >= 0) {
      remember(last);
    }
    return last;
  }

  private int neediest(long[] tokens, boolean[] passed) {
    int best = -1;
    for (int group = 0; group < passed.length; group++) {
      if (!passed[group] && (best < 0 || isNeedier(group, best, tokens))) {
        best = group;
      }
    }
    return best;
  }

  private boolean isNeedier(int group, int other, long[] tokens) {
    return ratios == null
        ? tokens[group] > tokens[other]
        : compression(group, tokens, ratios) < compression(other, tokens, ratios);
  }

  private double compression(int group, long[] tokens, double[] wanted) {
    return (double) atFirst[group] / tokens[group] / wanted[group];
  }

  private void remember(int group) {
    if (windowed == window.length) {
      chosen[window[oldest]]--;
    } else {
      windowed++;
    }
    window[oldest] = group;
    chosen[group]++;
    oldest = (oldest + 1) % window.length;
  }
}
