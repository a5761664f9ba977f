package org.merganser.pipeline.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.spec.Stage;

/** A JVM keeps the state of each run apart, as long as the run lasts. */
final class RunProgressTest {
  @TempDir Path folder;

  private OutputPaths paths(String name) {
    return OutputPaths.of(folder.resolve(name).toString());
  }

  private static long done(RunProgress run, Stage stage) {
    return run.meter(stage).figures().unitsComplete();
  }

  /** What workers have reported into a folder. */
  private long reported(String name, StageFigures.Figure figure) throws IOException {
    try (RunProgress reader = RunProgress.ofDriver(paths(name))) {
      WorkerWatch.readReports(reader);
      return reader.meter(Stage.JOIN).figures().get(figure);
    }
  }

  @Test
  void stepsFindTheMetersOfTheirOwnRun() {
    try (RunProgress one = RunProgress.ofDriver(paths("one")).begin();
        RunProgress other = RunProgress.ofDriver(paths("other")).begin()) {
      RunProgress.meter(paths("one"), Stage.ENCODE).unitDone("0");
      assertThat(done(one, Stage.ENCODE)).isEqualTo(1);
      assertThat(done(other, Stage.ENCODE)).isZero();
    }
  }

  @Test
  void aSecondRunIntoAFolderBeginsAtZeroAndLeavesTheFirstItsFigures() {
    RunProgress first = RunProgress.ofDriver(paths("out")).begin();
    RunProgress.meter(paths("out"), Stage.COUNT).unitDone("0");
    first.close();
    try (RunProgress second = RunProgress.ofDriver(paths("out")).begin()) {
      assertThat(done(second, Stage.COUNT)).isZero();
      RunProgress.meter(paths("out"), Stage.COUNT).unitDone("0");
      RunProgress.meter(paths("out"), Stage.COUNT).unitDone("1");
      assertThat(done(second, Stage.COUNT)).isEqualTo(2);
    }
    assertThat(done(first, Stage.COUNT)).isEqualTo(1);
  }

  @Test
  void closingTheFirstStateOfAFolderDoesNotEndTheSecond() {
    RunProgress first = RunProgress.ofDriver(paths("out")).begin();
    try (RunProgress second = RunProgress.ofDriver(paths("out")).begin()) {
      first.close();
      assertThat(RunProgress.of(paths("out"))).isSameAs(second);
    }
  }

  @Test
  void aStepThatIsLateNeitherKeepsAStateNorReports() throws IOException {
    RunProgress driver = RunProgress.ofDriver(paths("out")).begin();
    driver.close();
    RunProgress late = RunProgress.of(paths("out"));
    late.meter(Stage.ENCODE).begin();
    late.meter(Stage.ENCODE).unitDone("0");
    late.publish();
    assertThat(folder.resolve("out/run")).doesNotExist();
    assertThat(RunProgress.of(paths("out"))).isNotSameAs(late);
    assertThat(done(driver, Stage.ENCODE)).isZero();
  }

  @Test
  void aWorkerKeepsOneStateARunAndReportsIntoTheRunsFolder() throws IOException {
    RunProgress worker = RunProgress.of(paths("led elsewhere"));
    assertThat(RunProgress.of(paths("led elsewhere"))).isSameAs(worker);
    worker.meter(Stage.JOIN).begin();
    worker.meter(Stage.JOIN).add(1, 2, 3);
    assertThat(reported("led elsewhere", StageFigures.Figure.THREADS)).isEqualTo(1);
    worker.publish();
    assertThat(reported("led elsewhere", StageFigures.Figure.TOKENS)).isEqualTo(3);
    worker.close();
  }
}
