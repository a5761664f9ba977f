package org.merganser.bpe.parity;

import java.util.Arrays;

/**
 * The current number of tokens of each group in the learned text and, if there is one, in the
 * development text, which then chooses the group of a merge ({@link NeediestGroup}).
 */
final class GroupTokens {
  /** By group, its tokens in the learned text. */
  private final long[] learned;

  /** By group, its tokens in the text that chooses; {@link #learned} without development text. */
  private final long[] choosing;

  /**
   * @param startingTokens as in {@link GroupedSymbolLoader.Words}
   * @param hasDevelopment whether there is a development text
   */
  GroupTokens(long[] startingTokens, boolean hasDevelopment) {
    int groups = startingTokens.length / 2;
    this.learned = Arrays.copyOf(startingTokens, groups);
    this.choosing =
        hasDevelopment ? Arrays.copyOfRange(startingTokens, groups, 2 * groups) : learned;
  }

  /** Lowers the tokens by one in each word of a run, as a merge does at each of its places. */
  void lower(GroupRuns runs, int run) {
    int groups = learned.length;
    for (int entry = runs.begin(run); entry < runs.end(run); entry++) {
      int group = runs.group(entry);
      if (group < groups) {
        learned[group] -= runs.count(entry);
      } else { // a word of the development text
        choosing[group - groups] -= runs.count(entry);
      }
    }
  }

  /** By group, a copy of its tokens in the learned text. */
  long[] learned() {
    return learned.clone();
  }

  /** By group, its tokens in the text that chooses; {@link #lower} changes the array. */
  long[] choosing() {
    return choosing;
  }
}
