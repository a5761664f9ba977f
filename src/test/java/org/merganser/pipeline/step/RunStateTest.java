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

  private static long done(RunState run, Stage stage) {
    return run.meter(stage).account().done();
  }

  /** What workers have reported into a folder. */
  private long reported(String name, StageAccount.Figure figure) throws IOException {
    try (RunState reader = RunState.ofDriver(layout(name))) {
      WorkerWatch.look(reader);
      return reader.meter(Stage.JOIN).account().get(figure);
    }
  }

  @Test
  void stepsFindTheMetersOfTheirOwnRun() {
    try (RunState one = RunState.ofDriver(layout("one")).begin();
        RunState other = RunState.ofDriver(layout("other")).begin()) {
      StageMeter.of(layout("one"), Stage.ENCODE).unitDone("0");
      assertThat(done(one, Stage.ENCODE)).isEqualTo(1);
      assertThat(done(other, Stage.ENCODE)).isZero();
    }
  }

  @Test
  void aSecondRunIntoAFolderBeginsAtZeroAndLeavesTheFirstItsFigures() {
    RunState first = RunState.ofDriver(layout("out")).begin();
    StageMeter.of(layout("out"), Stage.COUNT).unitDone("0");
    first.close();
    try (RunState second = RunState.ofDriver(layout("out")).begin()) {
      assertThat(done(second, Stage.COUNT)).isZero();
      StageMeter.of(layout("out"), Stage.COUNT).unitDone("0");
      StageMeter.of(layout("out"), Stage.COUNT).unitDone("1");
      assertThat(done(second, Stage.COUNT)).isEqualTo(2);
    }
    assertThat(done(first, Stage.COUNT)).isEqualTo(1);
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
    late.meter(Stage.ENCODE).unitDone("0");
    late.publish();
    assertThat(folder.resolve("out/run")).doesNotExist();
    assertThat(RunState.of(layout("out"))).isNotSameAs(late);
    assertThat(done(driver, Stage.ENCODE)).isZero();
  }

  @Test
  void aWorkerKeepsOneStateARunAndReportsIntoTheRunsFolder() throws IOException {
    RunState worker = RunState.of(layout("led elsewhere"));
    assertThat(RunState.of(layout("led elsewhere"))).isSameAs(worker);
    worker.meter(Stage.JOIN).begin();
    worker.meter(Stage.JOIN).add(1, 2, 3);
    assertThat(reported("led elsewhere", StageAccount.Figure.THREADS)).isEqualTo(1);
    worker.publish();
    assertThat(reported("led elsewhere", StageAccount.Figure.TOKENS)).isEqualTo(3);
    worker.close();
  }
}
