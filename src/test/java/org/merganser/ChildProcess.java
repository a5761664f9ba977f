package org.merganser;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** Processes that tests start. Each is killed at its time limit, and at the end of the tests. */
public final class ChildProcess {
  /** Long enough for a loaded machine; met only by a process that hangs. */
  private static final long LIMIT_MINUTES = 10;

  private static final int SIGHUP = 1;
  private static final int SIGINT = 2;
  private static final int SIGTERM = 15;

  private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> RUNNING.forEach(ChildProcess::kill)));
  }

  private ChildProcess() {}

  /** Starts a process that is killed after ten minutes, so that a test does not wait forever. */
  public static Process start(ProcessBuilder builder) throws IOException {
    return start(builder, LIMIT_MINUTES);
  }

  /** Like {@link #start(ProcessBuilder)} with another limit, for a process of hundreds of runs. */
  public static Process start(ProcessBuilder builder, long minutes) throws IOException {
    Process process = builder.start();
    RUNNING.add(process);
    process
        .onExit()
        .orTimeout(minutes, TimeUnit.MINUTES)
        .whenComplete(
            (ended, late) -> {
              if (late != null) {
                System.err.println("killed after " + minutes + " minutes: " + process.info());
                kill(process);
              }
              RUNNING.remove(process);
            });
    return process;
  }

  /** What a process wrote to standard output and standard error; fails unless it ended with 0. */
  public static String output(ProcessBuilder builder) throws IOException, InterruptedException {
    Process process = start(builder.redirectErrorStream(true));
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new AssertionError(text);
    }
    return text;
  }

  /** Kills a process with all that it has started. */
  public static void kill(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  /**
   * A command whose process does not ignore SIGHUP, SIGINT and SIGTERM. A process that a script
   * starts in the background ignores SIGINT, and one that nohup starts ignores SIGHUP; so do the
   * processes that it starts, such as these tests. Aborts the test, with a message, if nothing can
   * change that.
   */
  public static List<String> heedingSignals(List<String> command)
      throws IOException, InterruptedException {
    if (!ignoresSignals()) {
      return command;
    }
    List<String> all = new ArrayList<>(List.of("env", "--default-signal=HUP,INT,TERM"));
    Process tried = start(new ProcessBuilder(List.of(all.get(0), all.get(1), "true")));
    Assumptions.assumeTrue(
        tried.waitFor() == 0,
        "SIGHUP, SIGINT OR SIGTERM IS IGNORED, and env has no --default-signal: run this in the"
            + " foreground");
    all.addAll(command);
    return all;
  }

  /** Signal 1 is bit 0. */
  private static long bit(int signal) {
    return 1L << (signal - 1);
  }

  private static boolean ignoresSignals() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return false;
    }
    for (String line : Files.readAllLines(status)) {
      if (line.startsWith("SigIgn:")) {
        long ignored = Long.parseUnsignedLong(line.substring(7).strip(), 16);
        long signals = bit(SIGHUP) | bit(SIGINT) | bit(SIGTERM);
        return (ignored & signals) != 0;
      }
    }
    return false;
  }
}
