package org.merganser.cli.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.merganser.pipeline.step.Stage;

final class ProgressLinesTest {
  private static final ProgressLines ASCII = new ProgressLines(false, false);

  private static StageProgress stage(
      Stage stage, int threads, double share, long bytes, long tokens, long unitsDone) {
    return new StageProgress(
        stage, true, share == 1, threads, share, 7, bytes, tokens, unitsDone, 1, 16, 1.5, 2);
  }

  private static StageProgress notBegun(Stage stage) {
    return new StageProgress(stage, false, false, 0, 0, 0, 0, 0, 0, 0, 16, 0, 0);
  }

  private static final List<StageProgress> STAGES =
      List.of(
          stage(Stage.COUNT, 0, 1, 171_600_000, 0, 15),
          stage(Stage.ENCODE, 2, 0.629, 39_600_000, 12_556_410, 4),
          notBegun(Stage.MANIFEST));

  @Test
  void aBarForEachStageAtWorkAndForTheRun() {
    assertThat(ASCII.bars(STAGES, 120))
        .containsExactly(
            "encode           ############--------  62 %  39.6 MB  19.8 MB/s  12,556,410 tokens"
                + "  5 of 16 units  1 there already",
            "whole run        ##########----------  54 %");
  }

  @Test
  void aLineIsCutToTheTerminal() {
    List<String> lines = ASCII.bars(STAGES, 60);
    assertThat(lines.get(0)).hasSize(60).startsWith("encode  ");
    assertThat(lines.get(1)).isEqualTo("whole run        ##########----------  54 %");
  }

  @Test
  void aPipeHasOneLineWithoutBars() {
    assertThat(ProgressLines.line(STAGES))
        .isEqualTo(
            "[54 %] encode 62 %: 39.6 MB, 19.8 MB/s, 12,556,410 tokens,"
                + " 5 of 16 units, 1 there already");
    assertThat(ProgressLines.line(List.of(notBegun(Stage.COUNT)))).isEqualTo("starting");
    // Between two stages the last one that has begun is named.
    assertThat(ProgressLines.line(List.of(STAGES.get(0), notBegun(Stage.LEARN))))
        .startsWith("[50 %] count pretokens 100 %: ");
  }

  @Test
  void colorIsAroundTheBarAlone() {
    assertThat(new ProgressLines(true, true).bars(STAGES.subList(0, 1), 80))
        .last()
        .isEqualTo("whole run        \u001b[32m" + "\u2588".repeat(20) + "\u001b[0m 100 %");
  }

  @Test
  void aFinishedStageSaysWhatItDid() {
    assertThat(ProgressLines.finished(STAGES.get(0)))
        .isEqualTo("count pretokens  done in 2.0 s: 7 documents, 171.6 MB, 85.8 MB/s");
  }

  @Test
  void timesHaveTwoUnitsAtTheMost() {
    assertThat(ProgressLines.duration(0.04)).isEqualTo("0.0 s");
    assertThat(ProgressLines.duration(9.96)).isEqualTo("10.0 s");
    assertThat(ProgressLines.duration(119)).isEqualTo("119 s");
    assertThat(ProgressLines.duration(3_700)).isEqualTo("61 min 40 s");
    assertThat(ProgressLines.duration(7_260)).isEqualTo("2 h 1 min");
  }
}
