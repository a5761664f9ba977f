package org.merganser.pipeline.engine;

import java.util.concurrent.TimeUnit;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;

/**
 * Parks the direct runner's other threads while a step of one element works alone for seconds.
 *
 * <p>That runner looks for work in a loop on every thread that has none: a core's time, measured as
 * a quarter of a small job's. (With all threads in a step it does not.) So the step's element also
 * goes to a step for each other thread that waits until {@link #alone} has ended. Nothing depends
 * on it: where a thread comes too early, too late or not at all, it goes on looking.
 */
public final class ParkedThreads {
  /** The most threads that are parked: of more, one that looks for work matters little. */
  private static final int MOST = 8;

  /** How long a thread waits for the work to begin that was handed out together with its own. */
  private static final long BEGIN_MILLIS = 100;

  private static final Object LOCK = new Object();
  private static int working;
  private static long ended;

  private ParkedThreads() {}

  /** Work that is done alone. */
  @FunctionalInterface
  public interface Work<T, E extends Exception> {
    T run() throws E;
  }

  /**
   * Adds the waiting steps beside the one that is to work alone, where the runner needs them. To be
   * called after that one was added, so that no thread waits before it has one.
   *
   * @param threads of the direct runner
   */
  static void beside(PCollection<?> element, int threads) {
    for (int i = 0; threads <= MOST && i < threads - 1; i++) {
      element.apply("Park" + i, ParDo.of(new ParkFn<>()));
    }
  }

  /** Does the work; threads that were parked go on when it ends. */
  public static <T, E extends Exception> T alone(Work<T, E> work) throws E {
    synchronized (LOCK) {
      working++;
      LOCK.notifyAll();
    }
    try {
      return work.run();
    } finally {
      synchronized (LOCK) {
        working--;
        ended = System.nanoTime();
        LOCK.notifyAll();
      }
    }
  }

  /** Waits while work is done alone. */
  static void park() throws InterruptedException {
    synchronized (LOCK) {
      long came = System.nanoTime();
      long until = came + TimeUnit.MILLISECONDS.toNanos(BEGIN_MILLIS);
      boolean over = ended != 0 && came - ended < TimeUnit.SECONDS.toNanos(1);
      while (working == 0 && !over) {
        long millis = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
        if (millis <= 0) {
          return;
        }
        LOCK.wait(millis);
        over = ended - came > 0;
      }
      while (working > 0) {
        LOCK.wait();
      }
    }
  }

  private static final class ParkFn<T> extends DoFn<T, Void> {
    @ProcessElement
    public void park() throws InterruptedException {
      ParkedThreads.park();
    }
  }
}
