package org.merganser.cli.job;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * A signal that asks the process to stop (SIGTERM, SIGINT, SIGHUP) while a run is under way: the
 * JVM then ends with 128 + the signal's number, after a few words and a clean-up that together take
 * two seconds at most, whatever hangs. A second signal ends it at once, as {@code kill -9} would:
 * what is half-written then is swept by the next run.
 *
 * <p>The JVM handles each signal on a thread of its own, called after it, that waits while the
 * process is being shut down: that is how the second one is seen. A JVM that calls them otherwise
 * ends after the two seconds.
 */
final class Interruption {
  static final long CLEAN_UP_MILLIS = 2000;

  private static final long LOOK_MILLIS = 20;

  /** The JVM's names for the threads that handle signals; what the process ends with. */
  private static final Map<String, Integer> EXIT_CODES =
      Map.of("SIGHUP handler", 129, "SIGINT handler", 130, "SIGTERM handler", 143);

  private static volatile boolean stopping;

  private final Thread hook;

  /**
   * Watches until {@link #close}.
   *
   * @param lastWords what is done when a signal comes, on a thread of its own
   */
  Interruption(Runnable lastWords) {
    this(lastWords, CLEAN_UP_MILLIS);
  }

  /**
   * @param cleanUpMillis that the last words may take
   */
  Interruption(Runnable lastWords, long cleanUpMillis) {
    hook = new Thread(() -> stop(lastWords, cleanUpMillis), "merganser-stop");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  private static void stop(Runnable lastWords, long cleanUpMillis) {
    stopping = true;
    begin(Interruption::endAtSecondSignal, "merganser-second-signal");
    try {
      begin(lastWords, "merganser-last-words").join(cleanUpMillis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Thread begin(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  /** Looks until the process ends, which others may hold up. */
  private static void endAtSecondSignal() {
    Set<Thread> signals = new HashSet<>();
    try {
      while (true) {
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
          Integer exitCode = EXIT_CODES.get(thread.getName());
          if (exitCode != null && signals.add(thread) && signals.size() > 1) {
            Runtime.getRuntime().halt(exitCode);
          }
        }
        Thread.sleep(LOOK_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether a signal has come: what fails from now on fails because of it. */
  static boolean stopping() {
    return stopping;
  }

  /** Stops watching. */
  void close() {
    if (!stopping) {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException signalJustCame) {
        stopping = true;
      }
    }
  }
}
