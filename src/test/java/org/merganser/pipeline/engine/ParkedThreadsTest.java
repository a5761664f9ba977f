package org.merganser.pipeline.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ParkedThreadsTest {

  @Test
  void aThreadIsParkedUntilTheWorkEndsAndUsesNoTime() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    Thread worker =
        new Thread(
            () ->
                ParkedThreads.alone(
                    () -> {
                      begun.countDown();
                      return awaited(end);
                    }));
    worker.start();
    begun.await();
    Thread parked = parked();
    while (parked.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    end.countDown();
    parked.join();
    worker.join();
  }

  @Test
  void aThreadThatComesBeforeTheWorkWaitsForIt() throws Exception {
    Thread parked = parked();
    assertThat(ParkedThreads.alone(() -> "done")).isEqualTo("done");
    parked.join();
  }

  @Test
  void withoutWorkNobodyWaitsForLong() throws Exception {
    parked().join();
  }

  @Test
  void workThatFailsLetsThemGoOn() throws Exception {
    Thread parked = parked();
    assertThatThrownBy(
            () ->
                ParkedThreads.alone(
                    () -> {
                      throw new IllegalStateException("no");
                    }))
        .hasMessage("no");
    parked.join();
  }

  private static boolean awaited(CountDownLatch end) {
    try {
      return end.await(60, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Thread parked() {
    Thread thread =
        new Thread(
            () -> {
              try {
                ParkedThreads.park();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    thread.start();
    return thread;
  }
}
