package org.merganser.bpe.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TrainingBoundTest {
  private static final long ANY = Long.MAX_VALUE;

  /** How often all pretokens of the corpus occur. */
  private static final long ALL = (1L << 40) + 131_082;

  private static final Map<String, Long> CORPUS = new LinkedHashMap<>();

  static {
    CORPUS.put("zzz", 1L);
    CORPUS.put("aab", 1L);
    CORPUS.put("abc", 2L);
    CORPUS.put("abd", 2L);
    CORPUS.put("abe", 3L);
    CORPUS.put("cde", 65_536L);
    CORPUS.put("cdf", 65_537L);
    CORPUS.put("cdg", 1L << 40);
  }

  private static BpeTrainer trainer() {
    return new BpeTrainer(
        new TrainerSettings(
            40, 0, List.of(), TrainerSettings.Alphabet.SEEN, List.of(), null, null));
  }

  private static TrainingResult train(TrainingBound bound) {
    return trainer().train(BpeTrainerPropertyTest.source(CORPUS), bound, learned -> {});
  }

  private static KeptCounts most(long distinct, long bytes) {
    CountHistogram histogram = new CountHistogram(1);
    BpeTrainerPropertyTest.source(CORPUS).forEach(histogram);
    return histogram.keptWithin(distinct, bytes, 40);
  }

  @Test
  void leavesOutNothingWhereAllFits() {
    KeptCounts all = new KeptCounts(1, 8, ALL, 0, 0);
    assertThat(train(new TrainingBound(1, TrainingBound.estimateBytes(8, 24, 40))).kept())
        .isEqualTo(all);
    assertThat(most(8, ANY)).isEqualTo(all);
  }

  @Test
  void findsTheSmallestMinimumCountThatFits() {
    assertThat(most(7, ANY)).isEqualTo(new KeptCounts(2, 6, ALL - 2, 2, 2));
    assertThat(most(6, ANY).minimumCount()).isEqualTo(2);
    assertThat(most(5, ANY)).isEqualTo(new KeptCounts(3, 4, ALL - 6, 4, 6));
    assertThat(most(3, ANY)).isEqualTo(new KeptCounts(4, 3, ALL - 9, 5, 9));
    assertThat(most(2, ANY).minimumCount()).isEqualTo(65_537);
    assertThat(most(1, ANY).keptDistinct()).isEqualTo(1);
    assertThat(most(0, ANY)).isEqualTo(new KeptCounts((1L << 40) + 1, 0, 0, 8, ALL));
    long bytes = TrainingBound.estimateBytes(6, 18, 40);
    assertThat(most(ANY, bytes).minimumCount()).isEqualTo(2);
    assertThat(most(ANY, bytes - 1).minimumCount()).isEqualTo(3);
  }

  @Test
  void aTrainingThatDoesNotFitFailsAndNamesAMinimumCountThatDoes() {
    long needed = TrainingBound.estimateBytes(8, 24, 40);
    for (long minimum : new long[] {1, 2}) {
      long bytes = TrainingBound.estimateBytes(minimum == 1 ? 8 : 6, minimum == 1 ? 24 : 18, 40);
      assertThatThrownBy(() -> train(new TrainingBound(minimum, bytes - 1)))
          .isInstanceOfSatisfying(
              TrainingBound.ExceededException.class,
              e -> {
                assertThat(e.neededBytes).isEqualTo(bytes).isLessThanOrEqualTo(needed);
                assertThat(e.maxBytes).isEqualTo(bytes - 1);
                assertThat(e.fitting.minimumCount()).isGreaterThan(minimum);
                assertThat(train(new TrainingBound(e.fitting.minimumCount(), bytes - 1)).kept())
                    .isEqualTo(e.fitting);
              });
    }
  }

  @Test
  void whereNothingFitsNoMinimumCountIsNamed() {
    assertThatThrownBy(() -> train(new TrainingBound(1, -5)))
        .isInstanceOfSatisfying(
            TrainingBound.ExceededException.class,
            e -> assertThat(e.fitting.keptDistinct()).isZero());
  }

  @Test
  void learnsFromWhatIsKeptButTheAlphabetFromAll() {
    TrainedBpe trained = train(new TrainingBound(65_536, ANY)).trained();
    assertThat(trained.tokens())
        .containsExactly("a", "b", "c", "d", "e", "f", "g", "z", "cd", "cdg", "cdf", "cde");
  }

  @Test
  void aMinimumCountIsExactHoweverLarge() {
    assertThat(train(new TrainingBound(65_538, ANY)).kept())
        .isEqualTo(new KeptCounts(65_538, 1, 1L << 40, 7, ALL - (1L << 40)));
    assertThat(train(new TrainingBound(65_537, ANY)).kept().keptDistinct()).isEqualTo(2);
  }

  @Test
  void aSourceThatChangesBetweenThePassesIsRefused() {
    int[] pass = {0};
    assertThatThrownBy(
            () ->
                trainer()
                    .train(
                        visitor -> visitor.visit(new byte[] {'a', 'b'}, 0, 2, ++pass[0]),
                        new TrainingBound(1, ANY),
                        learned -> {}))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "the counts differ between two passes: 1 pretokens that occur 1 times, then 1 and 2");
  }

  @Test
  void theMinimumCountAskedForHoldsWhereMemoryWouldDo() {
    KeptCounts all = train(new TrainingBound(1, ANY)).kept();
    KeptCounts kept = train(new TrainingBound(3, ANY)).kept();
    assertThat(kept.minimumCount()).isEqualTo(3);
    assertThat(kept.cutDistinct()).isPositive();
    assertThat(kept.keptDistinct() + kept.cutDistinct()).isEqualTo(all.keptDistinct());
    assertThat(kept.keptMass() + kept.cutMass()).isEqualTo(all.keptMass());
    assertThatThrownBy(() -> new TrainingBound(0, 1)).hasMessageContaining("minimum count 0");
  }
}
