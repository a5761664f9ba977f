package org.merganser.pipeline.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.progress.StageFigures.Figure;
import org.merganser.pipeline.spec.Stage;

/** Each instant of a thread is the time of one stage at most. */
final class StageMeterTest {
  @TempDir Path folder;

  private RunProgress begin() {
    return RunProgress.ofDriver(OutputPaths.of(folder.toString())).begin();
  }

  private static double busy(RunProgress run) {
    return Arrays.stream(Stage.values())
        .mapToDouble(stage -> run.meter(stage).figures().busySeconds())
        .sum();
  }

  private static StageFigures account(RunProgress run, Stage stage) {
    return run.meter(stage).figures();
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
    try (RunProgress run = begin()) {
      long start = System.nanoTime();
      StageMeter.ThreadWork outer = run.meter(Stage.ENCODE).begin();
      spin(1);
      StageMeter.ThreadWork inner = run.meter(Stage.CONVERT).begin();
      assertThat(account(run, Stage.ENCODE).get(Figure.THREADS)).isZero();
      assertThat(account(run, Stage.CONVERT).get(Figure.THREADS)).isEqualTo(1);
      double before = account(run, Stage.ENCODE).busySeconds();
      spin(20);
      assertThat(account(run, Stage.ENCODE).busySeconds()).isEqualTo(before);
      inner.close();
      assertThat(account(run, Stage.ENCODE).get(Figure.THREADS)).isEqualTo(1);
      outer.close();
      double wall = (System.nanoTime() - start) / 1e9;
      assertThat(account(run, Stage.CONVERT).busySeconds()).isGreaterThanOrEqualTo(0.02);
      assertThat(busy(run)).isLessThanOrEqualTo(wall);
      assertThat(account(run, Stage.ENCODE).seconds())
          .as("by the clock")
          .isGreaterThanOrEqualTo(0.02);
    }
  }

  @Test
  void busyTimesNeverExceedTheThreadsTimesTheClock() throws InterruptedException {
    try (RunProgress run = begin()) {
      CountDownLatch both = new CountDownLatch(2);
      long start = System.nanoTime();
      List<Thread> threads = new ArrayList<>();
      for (Stage stage : List.of(Stage.COUNT_NGRAMS, Stage.COUNT_PAIRS)) {
        Thread thread =
            new Thread(
                () -> {
                  StageMeter.ThreadWork work = run.meter(stage).begin();
                  both.countDown();
                  try {
                    both.await();
                  } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                  }
                  for (int unit = 0; unit < 100; unit++) {
                    String name = stage + " " + unit;
                    run.meter(stage).add(1, 10, 5);
                    try (StageMeter.ThreadWork nested = run.meter(Stage.MEASURE).begin()) {
                      run.meter(Stage.MEASURE).unitDone(name);
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
      assertThat(busy(run)).isGreaterThan(0).isLessThanOrEqualTo(2 * wall);
      assertThat(run.figures().values()).allMatch(account -> account.get(Figure.THREADS) == 0);
      assertThat(account(run, Stage.MEASURE).unitsComplete()).isEqualTo(200);
    }
  }

  @Test
  void timeCountsWhileTheWorkIsUnderWay() {
    try (RunProgress run = begin()) {
      StageMeter.ThreadWork work = run.meter(Stage.LEARN_VECTORS).begin();
      spin(5);
      assertThat(account(run, Stage.LEARN_VECTORS).busySeconds()).isGreaterThanOrEqualTo(0.005);
      assertThat(account(run, Stage.LEARN_VECTORS).seconds()).isGreaterThanOrEqualTo(0.004);
      work.close();
      double end = account(run, Stage.LEARN_VECTORS).busySeconds();
      spin(5);
      assertThat(account(run, Stage.LEARN_VECTORS).busySeconds()).isEqualTo(end);
    }
  }
}
