package org.merganser.pipeline.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.ChildProcess;
import org.merganser.JavaProcess;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.progress.StageFigures.Figure;
import org.merganser.pipeline.spec.Stage;
import org.merganser.pipeline.step.WorkerProcess;

/** What workers in other JVMs do shows in the meters of the driver. */
@Tag("run")
final class WorkerWatchTest {
  @TempDir Path folder;
  private OutputPaths paths;
  private RunProgress driver;

  @BeforeEach
  void begin() throws IOException {
    paths = OutputPaths.of(folder.toString());
    WorkerWatch.deleteReports(paths);
    driver = RunProgress.ofDriver(paths).begin();
  }

  @AfterEach
  void forget() {
    driver.close();
  }

  private void work(Stage stage, int from, int to, String... toTheEnd) throws Exception {
    List<String> args =
        List.of(paths.root(), stage.name(), Integer.toString(from), Integer.toString(to));
    List<String> command =
        JavaProcess.command(List.of("-Xmx64m"), WorkerProcess.class.getName(), args);
    command.addAll(List.of(toTheEnd));
    ChildProcess.output(new ProcessBuilder(command));
  }

  private StageFigures account(Stage stage) {
    return driver.meter(stage).figures();
  }

  @Test
  void stagesOfWorkersShowHereWithTheirSums() throws Exception {
    work(Stage.COUNT, 0, 3, "to the end");
    work(Stage.COUNT, 3, 7, "to the end");
    work(Stage.ENCODE, 0, 2, "to the end");
    assertThat(account(Stage.COUNT).started()).isFalse();
    WorkerWatch.readReports(driver);
    StageFigures count = account(Stage.COUNT);
    assertThat(count.started()).isTrue();
    assertThat(driver.meter(Stage.COUNT).here().started()).isFalse();
    assertThat(count.get(Figure.UNITS_DONE)).isEqualTo(7);
    assertThat(count.get(Figure.DOCUMENTS)).isEqualTo(70);
    assertThat(count.get(Figure.TEXT_BYTES)).isEqualTo(700);
    assertThat(count.get(Figure.TOKENS)).isEqualTo(7000);
    assertThat(count.seconds()).isBetween(0.0, 600.0);
    assertThat(account(Stage.ENCODE).get(Figure.UNITS_DONE)).isEqualTo(2);
    assertThat(account(Stage.LEARN).started()).isFalse();
    WorkerWatch.readReports(driver);
    assertThat(account(Stage.COUNT).get(Figure.UNITS_DONE))
        .as("a second look does not add up")
        .isEqualTo(7);
  }

  /** An engine repeats the steps of a lost worker, which finds units that the worker has done. */
  @Test
  void countsAUnitOnceThatTwoAttemptsReport() throws Exception {
    work(Stage.COUNT, 0, 4, "to the end");
    work(Stage.COUNT, 2, 10, "to the end");
    for (int unit = 0; unit < 3; unit++) {
      driver.meter(Stage.COUNT).unitSkipped("unit " + unit);
    }
    driver.meter(Stage.COUNT).unitSkipped("another one");
    driver.meter(Stage.COUNT).findUnits("plan", 1);
    WorkerWatch.readReports(driver);
    StageFigures count = account(Stage.COUNT);
    assertThat(count.get(Figure.UNITS_DONE)).isEqualTo(10);
    assertThat(count.get(Figure.UNITS_SKIPPED)).isEqualTo(1);
    assertThat(count.get(Figure.UNITS_PLANNED)).isEqualTo(11);
    assertThat(count.finished()).isTrue();
  }

  @Test
  void aWorkerReportsWhenItBeginsAndNotOnlyWhenABundleEnds() throws Exception {
    work(Stage.COUNT, 0, 5);
    WorkerWatch.readReports(driver);
    assertThat(account(Stage.COUNT).get(Figure.THREADS)).isEqualTo(1);
    // The next report is due ten seconds later.
    assertThat(account(Stage.COUNT).get(Figure.UNITS_DONE)).isZero();
  }

  @Test
  void saysOnceThatNoWorkerHasBegun() throws Exception {
    BlockingQueue<String> warnings = new LinkedBlockingQueue<>();
    Duration moment = Duration.ofMillis(5);
    WorkerWatch watch = WorkerWatch.start(driver, warnings::add, moment, moment.multipliedBy(3));
    String warning = warnings.take();
    watch.close();
    assertThat(warning)
        .startsWith("no worker has begun yet")
        .contains("another version")
        .contains(paths.at(OutputPaths.WORKERS));
    assertThat(warnings).isEmpty();
  }

  @Test
  void looksALastTimeWhenTheRunIsOver() throws Exception {
    Duration never = Duration.ofHours(1);
    WorkerWatch watch = WorkerWatch.start(driver, warning -> {}, never, never);
    work(Stage.MEASURE, 0, 3, "to the end");
    watch.close();
    assertThat(account(Stage.MEASURE).get(Figure.UNITS_DONE)).isEqualTo(3);
  }

  @Test
  void anEngineWithinThisJvmHasBegunWhenThisJvmHas() throws IOException {
    assertThat(WorkerWatch.readReports(driver)).isFalse();
    driver.meter(Stage.COUNT).begin();
    assertThat(WorkerWatch.readReports(driver)).isTrue();
  }

  @Test
  void saysNothingOnceAWorkerHasBegun() throws Exception {
    work(Stage.COUNT, 0, 1);
    List<String> warnings = new ArrayList<>();
    Duration moment = Duration.ofMillis(1);
    WorkerWatch watch = WorkerWatch.start(driver, warnings::add, moment, moment);
    while (!account(Stage.COUNT).started()) {
      Thread.onSpinWait(); // until it has looked
    }
    watch.close();
    assertThat(warnings).isEmpty();
  }

  @Test
  void theDriversOwnWorkIsCountedWithThatOfWorkers() throws Exception {
    StageMeter meter = driver.meter(Stage.LEARN);
    meter.begin();
    meter.add(1, 2, 3);
    driver.publish();
    work(Stage.LEARN, 0, 1, "to the end");
    WorkerWatch.readReports(driver);
    assertThat(account(Stage.LEARN).get(Figure.TOKENS)).isEqualTo(1003);
    assertThat(meter.here().get(Figure.TOKENS)).isEqualTo(3);
  }
}
