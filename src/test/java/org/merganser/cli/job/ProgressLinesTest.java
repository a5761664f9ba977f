package org.merganser.cli.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.merganser.pipeline.progress.StageFigures;
import org.merganser.pipeline.progress.StageFigures.Figure;
import org.merganser.pipeline.spec.Stage;

final class ProgressLinesTest {
  private static StageFigures account(
      int threads, long bytes, long tokens, long unitsDone, long planned) {
    Map<Figure, Long> figures = new EnumMap<>(Figure.class);
    figures.putAll(Map.of(Figure.THREADS, (long) threads, Figure.DOCUMENTS, 7L));
    figures.putAll(Map.of(Figure.TEXT_BYTES, bytes, Figure.TOKENS, tokens));
    figures.putAll(Map.of(Figure.BEGIN, 1_000L, Figure.END, 3_000L));
    Map<String, Long> units = new HashMap<>(Map.of("there already", 0L));
    for (int unit = 0; unit < unitsDone; unit++) {
      units.put("unit " + unit, 1L);
    }
    return new StageFigures(figures, Map.of("plan", planned), units);
  }

  private static StageFigures ofOneUnit(Map<Figure, Long> figures, boolean done) {
    return new StageFigures(figures, Map.of("plan", 1L), done ? Map.of("the unit", 1L) : Map.of());
  }

  private static final StageFigures NOT_BEGUN =
      new StageFigures(Map.of(), Map.of("plan", 16L), Map.of());
  private static final StageFigures COUNTED = account(0, 171_600_000, 0, 15, 16);
  private static final StageFigures ENCODING = account(2, 39_600_000, 12_556_410, 4, 8);

  private static final Map<Stage, StageFigures> STAGES =
      new EnumMap<>(
          Map.of(Stage.COUNT, COUNTED, Stage.ENCODE, ENCODING, Stage.MANIFEST, NOT_BEGUN));

  @Test
  void oneLineHasTheStagesAtWorkAfterTheShareOfTheRun() {
    assertThat(ProgressLines.line(STAGES))
        .isEqualTo(
            "[54 %] encode 62 %: 39.6 MB, 19.8 MB/s, 12,556,410 tokens,"
                + " 5 of 8 units, 1 there already");
    assertThat(ProgressLines.line(Map.of(Stage.COUNT, NOT_BEGUN)))
        .isEqualTo("starting: count pretokens");
    // Between two stages the last one that has begun is named.
    assertThat(ProgressLines.line(Map.of(Stage.COUNT, COUNTED, Stage.LEARN, NOT_BEGUN)))
        .startsWith("[50 %] count pretokens 100 %: ");
  }

  /** One unit is all or nothing, so its text or its merges say how far it is. */
  @Test
  void aStageOfOneUnitHasTheShareOfItsTextOrMergesAndTheTimeLeft() {
    Map<Figure, Long> figures = new EnumMap<>(Figure.class);
    figures.putAll(
        Map.of(
            Figure.TOKENS, 31_743L,
            Figure.TOKENS_PLANNED, 63_486L,
            Figure.THREADS, 1L,
            Figure.BEGIN, 1_000L,
            Figure.END, 31_000L));
    assertThat(ProgressLines.line(Map.of(Stage.LEARN, ofOneUnit(figures, false))))
        .isEqualTo("[50 %] learn merges 50 %: 31,743 merges, about 30 s left");
    figures.put(Figure.TOKENS, 63_486L);
    assertThat(ofOneUnit(figures, false).share()).isEqualTo(0.99);
    assertThat(ofOneUnit(figures, true).share()).isEqualTo(1);
    figures.put(Figure.TOKENS_PLANNED, 0L);
    assertThat(ofOneUnit(figures, false).share()).isZero();
    figures.putAll(Map.of(Figure.TEXT_BYTES, 30L, Figure.TEXT_PLANNED, 40L));
    assertThat(ofOneUnit(figures, false).share()).isEqualTo(0.75);
    assertThat(ofOneUnit(figures, false).secondsLeft()).isEqualTo(10);
    figures.put(Figure.END, 5_000L);
    assertThat(ofOneUnit(figures, false).secondsLeft()).as("too early to tell").isEqualTo(-1);
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
