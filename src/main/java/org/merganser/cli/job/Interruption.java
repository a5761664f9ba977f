package org.merganser.cli.job;

/**
 * Handles a signal that asks the process to stop (SIGTERM, SIGINT, SIGHUP) during a run, from the
 * constructor to {@link #close}. The JVM then ends with 128 + the signal's number, after a message
 * and a clean-up that together take two seconds at most.
 */
final class Interruption {
  /** The time that a clean-up may take. */
  private static final long CLEAN_UP_MILLIS = 2000;

  /** Whether a signal has come. It stays true, since the process ends. */
  private static volatile boolean stopping;

  private final Thread hook;

  /**
   * @param cleanUp runs once, on a thread of its own, if a signal comes
   */
  Interruption(Runnable cleanUp) {
    hook = new Thread(() -> runCleanUp(cleanUp), "merganser-stop");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** Runs the clean-up for at most {@value #CLEAN_UP_MILLIS} ms, after which the JVM ends. */
  private static void runCleanUp(Runnable cleanUp) {
    stopping = true;
    Thread thread = new Thread(cleanUp, "merganser-clean-up");
    thread.setDaemon(true);
    thread.start();
    try {
      thread.join(CLEAN_UP_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether a signal has come, which is the cause of later failures. */
  static boolean isStopping() {
    return stopping;
  }

  /** Ends the handling: a signal then ends the process at once. Does nothing after a signal. */
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
