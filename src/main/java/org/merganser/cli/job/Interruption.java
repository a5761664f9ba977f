package org.merganser.cli.job;

/**
 * Handles a signal that asks the process to stop (SIGTERM, SIGINT, SIGHUP) during a run. The JVM
 * then ends with 128 + the signal's number, after a message and a clean-up that together take two
 * seconds at most.
 */
final class Interruption {
  private static final long CLEAN_UP_MILLIS = 2000;

  private static volatile boolean stopping;

  private final Thread hook;

  Interruption(Runnable lastWords) {
    hook = new Thread(() -> stop(lastWords), "merganser-stop");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  private static void stop(Runnable lastWords) {
    stopping = true;
    Thread thread = new Thread(lastWords, "merganser-last-words");
    thread.setDaemon(true);
    thread.start();
    try {
      thread.join(CLEAN_UP_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether a signal has come, which is the cause of later failures. */
  static boolean stopping() {
    return stopping;
  }

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
