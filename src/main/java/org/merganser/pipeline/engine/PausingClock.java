package org.merganser.pipeline.engine;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.beam.runners.direct.Clock;
import org.apache.beam.runners.direct.DirectRunner;
import org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Supplier;
import org.joda.time.Instant;

/**
 * A clock for the direct runner that pauses a thread which only looks for work.
 *
 * <p>A thread of that runner that has nothing to do asks every step again and again whether a timer
 * has fired. That takes a whole core as long as fewer steps work than there are threads: a third of
 * the CPU time of a job of one compressed file on two threads. The runner has no setting against
 * it. It asks its clock once for each step, though, and lets a test set the clock. So this clock
 * waits for a millisecond after each {@value #CALLS} calls, once calls have come without a gap for
 * two milliseconds. A thread that works leaves gaps. What comes late is at most the start of the
 * next step, by the length of a pause.
 */
final class PausingClock implements Clock {
  /** Calls that are further apart are not of a thread that only looks for work. */
  private static final long GAP_NANOS = TimeUnit.MICROSECONDS.toNanos(500);

  /** How long calls come without a gap before the first pause. */
  private static final long BEFORE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  /** Calls between two pauses: about as many as a graph has steps. */
  private static final int CALLS = 64;

  private final long startMillis = System.currentTimeMillis();
  private final long startNanos = System.nanoTime();
  private long last = startNanos;
  private long burst = startNanos;
  private int calls;

  /**
   * Makes a runner use such a clock.
   *
   * @throws IllegalStateException if this release of Beam does not let its clock be set
   */
  static void setIn(DirectRunner runner) {
    Supplier<Clock> clock = PausingClock::new;
    try {
      Method set = DirectRunner.class.getDeclaredMethod("setClockSupplier", Supplier.class);
      set.setAccessible(true);
      set.invoke(runner, clock);
    } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("this release of Beam has another direct runner", e);
    }
  }

  @Override
  public Instant now() {
    if (isPauseDue(System.nanoTime())) {
      LockSupport.parkNanos(PAUSE_NANOS);
      paused(System.nanoTime());
    }
    return Instant.ofEpochMilli(
        startMillis + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos));
  }

  /** Counts a call at a time of {@link System#nanoTime}. */
  synchronized boolean isPauseDue(long nanos) {
    if (nanos - last > GAP_NANOS) {
      burst = nanos;
      calls = 0;
    }
    last = nanos;
    return nanos - burst > BEFORE_NANOS && ++calls % CALLS == 0;
  }

  /** A pause is no gap. */
  synchronized void paused(long nanos) {
    last = nanos;
  }
}
