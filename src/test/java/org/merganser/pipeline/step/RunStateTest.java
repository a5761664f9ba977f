package org.merganser.pipeline.step;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.pipeline.output.OutputLayout;

/** A JVM keeps the state of each run apart, as long as the run lasts. */
final class RunStateTest {
  @TempDir Path folder;

  private OutputLayout layout(String name) {
    return OutputLayout.of(folder.resolve(name).toString(), false);
  }

  @Test
  void stepsFindTheMetersOfTheirOwnRun() {
    try (RunState one = RunState.ofDriver(layout("one")).begin();
        RunState other = RunState.ofDriver(layout("other")).begin()) {
      StageMeter.of(layout("one"), Stage.ENCODE).unitDone();
      assertThat(one.meter(Stage.ENCODE).unitsDone()).isEqualTo(1);
      assertThat(other.meter(Stage.ENCODE).unitsDone()).isZero();
    }
  }

  @Test
  void aSecondRunIntoAFolderBeginsAtZeroAndLeavesTheFirstItsFigures() {
    RunState first = RunState.ofDriver(layout("out")).begin();
    StageMeter.of(layout("out"), Stage.COUNT).unitDone();
    first.close();
    try (RunState second = RunState.ofDriver(layout("out")).begin()) {
      assertThat(second.meter(Stage.COUNT).unitsDone()).isZero();
      StageMeter.of(layout("out"), Stage.COUNT).unitDone();
      StageMeter.of(layout("out"), Stage.COUNT).unitDone();
      assertThat(second.meter(Stage.COUNT).unitsDone()).isEqualTo(2);
    }
    assertThat(first.meter(Stage.COUNT).unitsDone()).isEqualTo(1);
  }

  @Test
  void closingTheFirstStateOfAFolderDoesNotEndTheSecond() {
    RunState first = RunState.ofDriver(layout("out")).begin();
    try (RunState second = RunState.ofDriver(layout("out")).begin()) {
      first.close();
      assertThat(RunState.of(layout("out"))).isSameAs(second);
    }
  }

  @Test
  void aStepThatIsLateNeitherKeepsAStateNorReports() throws IOException {
    RunState driver = RunState.ofDriver(layout("out")).begin();
    driver.close();
    RunState late = RunState.of(layout("out"));
    late.meter(Stage.ENCODE).begin();
    late.meter(Stage.ENCODE).unitDone();
    late.publishFromWorker();
    assertThat(WorkerReport.all(layout("out"))).isEmpty();
    assertThat(RunState.of(layout("out"))).isNotSameAs(late);
    assertThat(driver.meter(Stage.ENCODE).unitsDone()).isZero();
  }

  @Test
  void aWorkerKeepsOneStateARunAndReportsIntoTheRunsFolder() throws IOException {
    RunState worker = RunState.of(layout("led elsewhere"));
    assertThat(RunState.of(layout("led elsewhere"))).isSameAs(worker);
    worker.meter(Stage.JOIN).begin();
    worker.meter(Stage.JOIN).add(1, 2, 3);
    assertThat(WorkerReport.all(layout("led elsewhere")))
        .singleElement()
        .satisfies(report -> assertThat(report.stages()).containsOnlyKeys(Stage.JOIN.label()));
    worker.close();
  }
}
