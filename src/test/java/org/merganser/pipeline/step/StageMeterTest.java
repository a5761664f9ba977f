package org.merganser.pipeline.step;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.pipeline.output.OutputLayout;

/** Each instant of a thread is the time of one stage at most. */
final class StageMeterTest {
  @TempDir Path folder;

  private RunState begin() {
    return RunState.ofDriver(OutputLayout.of(folder.toString(), false)).begin();
  }

  private static double busy(RunState run) {
    return Arrays.stream(Stage.values()).mapToDouble(stage -> run.meter(stage).busySeconds()).sum();
  }

  private static long spin(int millis) {
    long until = System.nanoTime() + millis * 1_000_000L;
    while (System.nanoTime() < until) {
      Thread.onSpinWait();
    }
    return until;
  }

  @Test
  void aStepCalledWithinAnotherTakesItsTimeFromIt() {
    try (RunState run = begin()) {
      long start = System.nanoTime();
      StageMeter.Work outer = run.meter(Stage.ENCODE).begin();
      spin(1);
      StageMeter.Work inner = run.meter(Stage.CONVERT).begin();
      assertThat(run.meter(Stage.ENCODE).atWork()).isZero();
      assertThat(run.meter(Stage.CONVERT).atWork()).isEqualTo(1);
      double before = run.meter(Stage.ENCODE).busySeconds();
      spin(20);
      assertThat(run.meter(Stage.ENCODE).busySeconds()).isEqualTo(before);
      inner.close();
      assertThat(run.meter(Stage.ENCODE).atWork()).isEqualTo(1);
      outer.close();
      double wall = (System.nanoTime() - start) / 1e9;
      assertThat(run.meter(Stage.CONVERT).busySeconds()).isGreaterThanOrEqualTo(0.02);
      assertThat(busy(run)).isLessThanOrEqualTo(wall);
      assertThat(run.meter(Stage.ENCODE).seconds()).as("by the clock").isGreaterThan(0.02);
    }
  }

  @Test
  void busyTimesNeverExceedTheThreadsTimesTheClock() throws InterruptedException {
    try (RunState run = begin()) {
      CountDownLatch both = new CountDownLatch(2);
      long start = System.nanoTime();
      List<Thread> threads = new ArrayList<>();
      for (Stage stage : List.of(Stage.COUNT_NGRAMS, Stage.COUNT_PAIRS)) {
        Thread thread =
            new Thread(
                () -> {
                  StageMeter.Work work = run.meter(stage).begin();
                  both.countDown();
                  try {
                    both.await();
                  } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                  }
                  for (int unit = 0; unit < 100; unit++) {
                    work.meter().add(1, 10, 5);
                    try (StageMeter.Work nested = run.meter(Stage.MEASURE).begin()) {
                      nested.meter().unitDone();
                    }
                  }
                  work.close();
                });
        thread.start();
        threads.add(thread);
      }
      for (Thread thread : threads) {
        thread.join();
      }
      double wall = (System.nanoTime() - start) / 1e9;
      WorkerReport report = WorkerReport.of(run);
      assertThat(report.threads()).isEqualTo(2);
      assertThat(busy(run)).isGreaterThan(0).isLessThanOrEqualTo(report.threads() * wall);
      assertThat(run.meters()).allMatch(meter -> meter.atWork() == 0);
      assertThat(run.meter(Stage.MEASURE).unitsDone()).isEqualTo(200);
    }
  }

  @Test
  void timeCountsWhileTheWorkIsUnderWay() {
    try (RunState run = begin()) {
      StageMeter.Work work = run.meter(Stage.LEARN_VECTORS).begin();
      spin(5);
      assertThat(run.meter(Stage.LEARN_VECTORS).busySeconds()).isGreaterThanOrEqualTo(0.005);
      assertThat(run.meter(Stage.LEARN_VECTORS).seconds()).isGreaterThanOrEqualTo(0.005);
      work.close();
      double end = run.meter(Stage.LEARN_VECTORS).busySeconds();
      spin(5);
      assertThat(run.meter(Stage.LEARN_VECTORS).busySeconds()).isEqualTo(end);
    }
  }
}
