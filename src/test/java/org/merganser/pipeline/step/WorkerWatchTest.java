package org.merganser.pipeline.step;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.pipeline.WorkerProcess;
import org.merganser.pipeline.output.OutputLayout;

/** What workers in other JVMs do shows in the meters of the driver. */
final class WorkerWatchTest {
  @TempDir Path folder;
  private OutputLayout layout;

  @BeforeEach
  void begin() throws IOException {
    layout = OutputLayout.of(folder.toString(), false);
    WorkerReport.begin(layout);
    StageMeter.resetAll();
  }

  @AfterEach
  void forget() {
    StageMeter.resetAll();
  }

  private void work(Stage stage, int units, String... toTheEnd) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp"));
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.addAll(List.of(WorkerProcess.class.getName(), layout.root(), stage.name()));
    command.add(Integer.toString(units));
    command.addAll(List.of(toTheEnd));
    Path log = folder.resolve("log");
    int exitCode =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start()
            .waitFor();
    assertThat(exitCode).as("%s", Files.readString(log)).isZero();
  }

  @Test
  void stagesOfWorkersShowHereWithTheirSums() throws Exception {
    work(Stage.COUNT, 3, "to the end");
    work(Stage.COUNT, 4, "to the end");
    work(Stage.ENCODE, 2, "to the end");
    StageMeter here = StageMeter.of(Stage.COUNT);
    assertThat(here.started()).isFalse();
    WorkerWatch.look(layout);
    assertThat(here.started()).isTrue();
    assertThat(here.startedHere()).isFalse();
    assertThat(here.unitsDone()).isEqualTo(7);
    assertThat(here.documents()).isEqualTo(70);
    assertThat(here.bytes()).isEqualTo(700);
    assertThat(here.tokens()).isEqualTo(7000);
    assertThat(here.seconds()).isBetween(0.0, 600.0);
    assertThat(StageMeter.of(Stage.ENCODE).unitsDone()).isEqualTo(2);
    assertThat(StageMeter.of(Stage.LEARN).started()).isFalse();
    WorkerWatch.look(layout);
    assertThat(here.unitsDone()).as("a second look does not add up").isEqualTo(7);
  }

  @Test
  void aWorkerReportsAtItsFirstSignOfWorkAndNotOnlyWhenABundleEnds() throws Exception {
    work(Stage.COUNT, 5);
    List<WorkerReport> reports = WorkerReport.all(layout);
    assertThat(reports).hasSize(1);
    StageReport count = reports.get(0).stages().get(Stage.COUNT.label());
    assertThat(count.documents()).isEqualTo(10); // the next report is due ten seconds later
  }

  @Test
  void saysOnceThatNoWorkerHasBegun() throws Exception {
    BlockingQueue<String> warnings = new LinkedBlockingQueue<>();
    Duration moment = Duration.ofMillis(5);
    WorkerWatch watch = WorkerWatch.over(layout, warnings::add, moment, moment.multipliedBy(3));
    String warning = warnings.poll(60, TimeUnit.SECONDS);
    watch.close();
    assertThat(warning)
        .startsWith("no worker has begun yet")
        .contains("another version")
        .contains(layout.at(layout.workers()));
    assertThat(warnings).isEmpty();
  }

  @Test
  void looksALastTimeWhenTheRunIsOver() throws Exception {
    Duration never = Duration.ofHours(1);
    WorkerWatch watch = WorkerWatch.over(layout, warning -> {}, never, never);
    work(Stage.MEASURE, 3, "to the end");
    watch.close();
    assertThat(StageMeter.of(Stage.MEASURE).unitsDone()).isEqualTo(3);
  }

  @Test
  void anEngineWithinThisJvmHasBegunWhenThisJvmHas() throws IOException {
    assertThat(WorkerWatch.look(layout)).isFalse();
    StageMeter.of(Stage.COUNT).begin();
    assertThat(WorkerWatch.look(layout)).isTrue();
  }

  @Test
  void saysNothingOnceAWorkerHasBegun() throws Exception {
    work(Stage.COUNT, 1);
    List<String> warnings = new ArrayList<>();
    Duration moment = Duration.ofMillis(1);
    WorkerWatch watch = WorkerWatch.over(layout, warnings::add, moment, moment);
    while (!StageMeter.of(Stage.COUNT).started()) {
      Thread.onSpinWait(); // until it has looked
    }
    watch.close();
    assertThat(warnings).isEmpty();
  }

  @Test
  void theDriversOwnWorkIsCountedOnce() throws Exception {
    StageMeter meter = StageMeter.of(Stage.LEARN);
    meter.begin();
    meter.add(1, 2, 3);
    WorkerReport.publish(layout);
    work(Stage.LEARN, 1, "to the end");
    WorkerWatch.look(layout);
    assertThat(meter.tokens()).isEqualTo(1003);
    assertThat(WorkerReport.now().stages().get(Stage.LEARN.label()).tokens()).isEqualTo(3);
  }
}
