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

  /** The tokens of each group before the first merge. */
  private final long[] atFirst;

  /** By group, whether it has no pair left. */
  private final boolean[] exhausted;

  /** The groups of the last choices, a ring. */
  private final int[] window;

  /** By group, how often it is in the window. */
  private final int[] chosen;

  /** The number of choices in the window. */
  private int windowed;

  /** The index in the window of the next choice, which replaces the oldest one of a full window. */
  private int oldest;

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

  /** Notes that a group has no pair left. */
  void exhaust(int group) {
    exhausted[group] = true;
  }

  /**
   * Chooses a group by the current {@code tokens} of each, and notes it in the window.
   *
   * @return -1 when all groups are exhausted
   */
  int next(long[] tokens) {
    if (window.length == 0) {
      return neediest(tokens, exhausted);
    }
    int group = neediestWithinLimit(tokens);
    if (group >= 0) {
      remember(group);
    }
    return group;
  }

  /** The neediest group within the window's limit; the least needy one if none is. */
  private int neediestWithinLimit(long[] tokens) {
    double limit = settings.alpha() / settings.groups();
    boolean[] excluded = exhausted.clone();
    int last = -1;
    while (true) {
      int group = neediest(tokens, excluded);
      if (group < 0) {
        return last;
      }
      if ((double) chosen[group] / window.length <= limit) {
        return group;
      }
      last = group;
      excluded[group] = true;
    }
  }

  /** The neediest of the groups that are not excluded; -1 if all are. */
  private int neediest(long[] tokens, boolean[] excluded) {
    int best = -1;
    for (int group = 0; group < excluded.length; group++) {
      if (!excluded[group] && (best < 0 || isNeedier(group, best, tokens))) {
        best = group;
      }
    }
    return best;
  }

  /** Whether a group needs the next merge more than another one. */
  private boolean isNeedier(int group, int other, long[] tokens) {
    return ratios == null
        ? tokens[group] > tokens[other]
        : compression(group, tokens, ratios) < compression(other, tokens, ratios);
  }

  /** By how much merges have lowered the tokens of a group, in proportion to the wanted ratio. */
  private double compression(int group, long[] tokens, double[] wanted) {
    return (double) atFirst[group] / tokens[group] / wanted[group];
  }

  /** Adds a choice to the window; a full one drops its oldest choice. */
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
