package org.merganser.bpe.parity;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class GroupTokensTest {
  /** Two groups to learn from, 0 and 1, and those of a development text, 2 and 3. */
  private static GroupRuns runs() {
    GroupRuns runs = new GroupRuns(2);
    runs.add(0, 0, 5);
    runs.add(0, 1, 7);
    runs.add(1, 3, 2);
    return runs;
  }

  @Test
  void theLearnedTextChoosesWithoutADevelopmentText() {
    GroupTokens tokens = new GroupTokens(new long[] {100, 200, 0, 0}, false);
    tokens.lower(runs(), 0);
    assertThat(tokens.learned()).containsExactly(95, 193);
    assertThat(tokens.choosing()).containsExactly(95, 193);
  }

  @Test
  void aDevelopmentTextChoosesByItsOwnTokens() {
    GroupTokens tokens = new GroupTokens(new long[] {100, 200, 30, 40}, true);
    tokens.lower(runs(), 0);
    tokens.lower(runs(), 1);
    assertThat(tokens.learned()).containsExactly(95, 193);
    assertThat(tokens.choosing()).containsExactly(30, 38);
  }
}
