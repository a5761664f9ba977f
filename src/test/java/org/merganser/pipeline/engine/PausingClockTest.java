package org.merganser.pipeline.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.beam.runners.direct.DirectRunner;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.Test;

class PausingClockTest {
  private final PausingClock clock = new PausingClock();
  private long nanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);

  @Test
  void oneThreadThatOnlyAsksIsPausedOnceForEachRound() {
    assertThat(pauses(1_000, 100)).as("0.1 ms of asking").isZero();
    assertThat(pauses(1_000, 3_000)).as("3 ms of asking").isPositive();
    assertThat(pauses(1_000, 6_400)).isEqualTo(100);
  }

  @Test
  void aThreadThatWorksBetweenTwoQuestionsIsNotPaused() {
    assertThat(pauses(600_000, 10_000)).isZero();
  }

  @Test
  void workEndsARowOfQuestions() {
    assertThat(pauses(1_000, 6_400)).isPositive();
    nanos += 600_000;
    assertThat(pauses(1_000, 1_900)).isZero();
    assertThat(pauses(1_000, 6_400)).isPositive();
  }

  @Test
  void aPauseIsNoWork() {
    assertThat(pauses(1_000, 6_400)).isPositive();
    nanos += 1_000_000;
    clock.paused(nanos);
    assertThat(pauses(1_000, 128)).isEqualTo(2);
  }

  @Test
  void theTimeGoesOnFromThatOfTheSystem() {
    long before = System.currentTimeMillis();
    assertThat(clock.now().getMillis()).isBetween(before - 1_000, before + 60_000);
  }

  /** Fails where another release of Beam does not let the clock be set. */
  @Test
  void theRunnerTakesTheClock() throws Exception {
    DirectRunner runner = DirectRunner.fromOptions(PipelineOptionsFactory.create());
    PausingClock.setIn(runner);
    var supplier = DirectRunner.class.getDeclaredMethod("getClockSupplier");
    supplier.setAccessible(true);
    assertThat(((Supplier<?>) supplier.invoke(runner)).get()).isInstanceOf(PausingClock.class);
  }

  /** How many of so many calls with the same time between them are to pause. */
  private int pauses(long between, int calls) {
    int pauses = 0;
    for (int i = 0; i < calls; i++) {
      nanos += between;
      pauses += clock.isPauseDue(nanos) ? 1 : 0;
    }
    return pauses;
  }
}
