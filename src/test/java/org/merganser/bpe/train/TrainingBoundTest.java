package org.merganser.bpe.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TrainingBoundTest {
  private static final long ANY = Long.MAX_VALUE;

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

  private static TrainingBound.Result train(TrainingBound bound) {
    return trainer().train(BpeTrainerPropertyTest.source(CORPUS), bound, (l, w) -> {});
  }

  @Test
  void cutsNothingWhereAllFits() {
    TrainingBound.Result result = train(new TrainingBound(1, 8, ANY));
    assertThat(result.cut()).isEqualTo(new TrainingBound.Cut(1, 8, (1L << 40) + 131_082, 0, 0));
    TrainedBpe unbounded =
        trainer()
            .train(BpeTrainerPropertyTest.source(CORPUS), TrainingBound.NONE, (l, w) -> {})
            .trained();
    assertThat(result.trained().tokens()).isEqualTo(unbounded.tokens());
    assertThat(result.trained().merges()).isEqualTo(unbounded.merges());
  }

  @Test
  void takesTheSmallestMinimumCountThatFitsAndReportsWhatItCut() {
    long all = (1L << 40) + 131_082;
    assertThat(train(new TrainingBound(1, 7, ANY)).cut())
        .isEqualTo(new TrainingBound.Cut(2, 6, all - 2, 2, 2));
    assertThat(train(new TrainingBound(1, 6, ANY)).cut().minimumCount()).isEqualTo(2);
    assertThat(train(new TrainingBound(1, 5, ANY)).cut())
        .isEqualTo(new TrainingBound.Cut(3, 4, all - 6, 4, 6));
    assertThat(train(new TrainingBound(1, 3, ANY)).cut())
        .isEqualTo(new TrainingBound.Cut(4, 3, all - 9, 5, 9));
    assertThat(train(new TrainingBound(1, 2, ANY)).cut().minimumCount()).isEqualTo(65_537);
    assertThat(train(new TrainingBound(1, 1, ANY)).cut().keptDistinct()).isEqualTo(1);
    assertThat(train(new TrainingBound(1, 0, ANY)).cut())
        .isEqualTo(new TrainingBound.Cut((1L << 40) + 1, 0, 0, 8, all));
  }

  @Test
  void aBoundOfBytesCutsByTheEstimate() {
    long bytes = TrainingBound.estimateBytes(6, 18, 40);
    assertThat(train(new TrainingBound(1, ANY, bytes)).cut().minimumCount()).isEqualTo(2);
    assertThat(train(new TrainingBound(1, ANY, bytes - 1)).cut().minimumCount()).isEqualTo(3);
  }

  @Test
  void learnsFromWhatIsKeptButTheAlphabetFromAll() {
    TrainedBpe trained = train(new TrainingBound(1, 3, ANY)).trained();
    assertThat(trained.tokens())
        .containsExactly("a", "b", "c", "d", "e", "f", "g", "z", "cd", "cdg", "cdf", "cde");
  }

  @Test
  void aSourceThatChangesBetweenThePassesIsRefused() {
    int[] pass = {0};
    assertThatThrownBy(
            () ->
                trainer()
                    .train(
                        visitor -> visitor.visit(new byte[] {'a', 'b'}, 0, 2, ++pass[0]),
                        new TrainingBound(1, ANY, ANY),
                        (l, w) -> {}))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "the counts differ between two passes: 1 pretokens that occur 1 times, then 1 and 2");
  }

  @Test
  void theMinimumCountAskedForHoldsWhereMemoryWouldDo() {
    TrainingBound.Cut all = train(new TrainingBound(1, ANY, ANY)).cut();
    TrainingBound.Cut cut = train(new TrainingBound(3, ANY, ANY)).cut();
    assertThat(cut.minimumCount()).isEqualTo(3);
    assertThat(cut.cutDistinct()).isPositive();
    assertThat(cut.keptDistinct() + cut.cutDistinct()).isEqualTo(all.keptDistinct());
    assertThat(cut.keptMass() + cut.cutMass()).isEqualTo(all.keptMass());
    assertThatThrownBy(() -> new TrainingBound(0, 1, 1)).hasMessageContaining("minimum count 0");
  }

  @Test
  void aNegativeBoundIsRefused() {
    assertThatThrownBy(() -> new TrainingBound(1, -1, 5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "a training bound of -1 distinct pretokens and 5 bytes; both must be 0 or more");
  }
}
