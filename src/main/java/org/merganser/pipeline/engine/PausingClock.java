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
 * A clock for the direct runner that pauses threads which only look for work.
 *
 * <p>An idle thread of that runner asks every step again and again whether a timer has fired. This
 * takes a whole core as long as fewer steps work than there are threads: a third of the CPU time of
 * a job of one compressed file on two threads. The runner has no setting against it. But it asks
 * its clock once for each step, and it accepts a clock that a test sets. So this clock waits for a
 * millisecond after each {@value #CALLS} calls, once calls have come without a gap for two
 * milliseconds. A thread that works leaves gaps. A pause delays at most the start of the next step,
 * by the length of the pause.
 */
final class PausingClock implements Clock {
  /** Calls that are further apart do not come from an idle thread. */
  private static final long GAP_NANOS = TimeUnit.MICROSECONDS.toNanos(500);

  /** The time without a gap between calls before the first pause. */
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

  /** Counts a call at a time of {@link System#nanoTime}; returns whether a pause is due. */
  synchronized boolean isPauseDue(long nanos) {
    if (nanos - last > GAP_NANOS) {
      burst = nanos;
      calls = 0;
    }
    last = nanos;
    return nanos - burst > BEFORE_NANOS && ++calls % CALLS == 0;
  }

  /** Records a pause, so that it does not count as a gap. */
  synchronized void paused(long nanos) {
    last = nanos;
  }
}
