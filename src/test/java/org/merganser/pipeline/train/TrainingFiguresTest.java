package org.merganser.pipeline.train;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.merganser.bpe.train.KeptCounts;

/** What a summary says of a training. */
final class TrainingFiguresTest {
  private static final KeptCounts ALL = new KeptCounts(1, 10, 100, 0, 0);
  private static final KeptCounts CUT = new KeptCounts(3, 6, 94, 4, 6);

  private static TrainingFigures account(int tokens, long pairs, boolean anyPair, KeptCounts cut) {
    return new TrainingFigures(tokens, 50_000, pairs, anyPair, cut, null, null);
  }

  private static @Nullable String difference(int tokens, long pairs, boolean anyPair) {
    return account(tokens, pairs, anyPair, ALL).difference();
  }

  @Test
  void asManyTokensAsTheJobSaysNeedNoWord() {
    assertThat(difference(50_000, 2, true)).isNull();
    assertThat(difference(50_001, 2, true)).isNull();
  }

  @Test
  void fewerTokensHaveAReason() {
    assertThat(difference(49_999, 2, true))
        .isEqualTo("49,999 of 50,000: no remaining pair occurs twice");
    assertThat(difference(13_812, 0, true)).isEqualTo("13,812 of 50,000: no pair is left");
    assertThat(difference(13_812, 2000, false))
        .isEqualTo("13,812 of 50,000: no remaining pair that may be merged occurs 2,000 times");
  }

  @Test
  void whatTheJobLeavesOutIsSaid() {
    assertThat(account(1, 2, true, ALL).leftOut()).isNull();
    assertThat(account(1, 2, true, CUT).leftOut())
        .isEqualTo(
            "by minPretokenCount: 3, 4 of 10 distinct pretokens (6.0000 % of their occurrences)");
    assertThat(account(1, 2, true, new KeptCounts(3, 0, 0, 0, 0)).leftOut())
        .contains("0 of 0 distinct");
  }

  @Test
  void whatTheJobLeavesOutOfRunsOfWordsIsSaid() {
    TrainingFigures account =
        new TrainingFigures(
            1,
            1,
            2,
            false,
            CUT,
            new TrainingFigures.Superwords(1, 9, 0, new KeptCounts(3, 1, 3, 1, 1)),
            null);
    assertThat(account.leftOut())
        .endsWith(
            "(6.0000 % of their occurrences), and 1 of 2 distinct runs of words (25.0000 % of their"
                + " occurrences)");
  }
}
