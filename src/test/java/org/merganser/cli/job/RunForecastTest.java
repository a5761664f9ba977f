package org.merganser.cli.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.merganser.pipeline.step.Stage;

final class RunForecastTest {
  private static final long GIGABYTE = 1_000_000_000;

  private static StageProgress at(Stage stage, double share, double there) {
    return new StageProgress(stage, true, false, 1, share, there, 0, 0, 0, 0, 0, 1, 0, 0);
  }

  private static RunForecast of(double seconds, StageProgress... stages) {
    return RunForecast.of(List.of(stages), GIGABYTE, seconds);
  }

  @Test
  void theRestTakesAsLongForItsWorkAsWhatIsDone() {
    RunForecast half = of(30, at(Stage.ENCODE, 0.5, 0));
    assertThat(half.share()).isEqualTo(0.5);
    assertThat(half.secondsLeft()).hasValue(30);
    RunForecast all = of(30, at(Stage.ENCODE, 1, 0));
    assertThat(all.share()).isEqualTo(1);
    assertThat(all.secondsLeft()).hasValue(0);
  }

  @Test
  void workOfAnEarlierRunTellsNothingAboutThisOne() {
    RunForecast run = of(30, at(Stage.ENCODE, 0.8, 0.6));
    assertThat(run.share()).isCloseTo(0.5, within(1e-9));
    assertThat(run.secondsLeft().orElseThrow()).isCloseTo(30, within(1e-6));
  }

  @Test
  void nothingIsSaidBeforeEnoughIsDone() {
    assertThat(of(100, at(Stage.ENCODE, 0.01, 0)).secondsLeft()).isEmpty();
    assertThat(of(1, at(Stage.ENCODE, 0.5, 0)).secondsLeft()).isEmpty();
    assertThat(of(100).secondsLeft()).isEmpty();
  }

  @Test
  void textThatWasCountedIsEncodedFaster() {
    RunForecast afterCounting =
        of(30, at(Stage.COUNT, 1, 0), at(Stage.LEARN, 0, 0), at(Stage.ENCODE, 0, 0));
    RunForecast afterPlanning = of(30, at(Stage.ENCODE, 0.5, 0), at(Stage.CONVERT, 0, 0));
    assertThat(afterCounting.share()).isBetween(0.5, 0.6);
    assertThat(afterPlanning.share()).isBetween(0.35, 0.45);
  }

  @Test
  void whatFollowsTheEncodingOfALargeCorpusIsNearlyNothing() {
    RunForecast encoded =
        of(
            30,
            at(Stage.COUNT, 1, 0),
            at(Stage.LEARN, 1, 0),
            at(Stage.ENCODE, 1, 0),
            at(Stage.MEASURE, 0, 0),
            at(Stage.MANIFEST, 0, 0));
    assertThat(encoded.share()).isBetween(0.95, 0.99);
  }

  @Test
  void theShareGrowsWithEveryStage() {
    List<StageProgress> stages = new ArrayList<>();
    for (Stage stage : Stage.values()) {
      stages.add(at(stage, 0, 0));
    }
    double before = 0;
    for (int i = 0; i < stages.size(); i++) {
      stages.set(i, at(stages.get(i).stage(), 1, 0));
      double share = RunForecast.of(stages, GIGABYTE, 10).share();
      assertThat(share).isGreaterThan(before);
      before = share;
    }
    assertThat(before).isCloseTo(1, within(1e-9));
  }
}
