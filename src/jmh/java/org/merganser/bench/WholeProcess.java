package org.merganser.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * A program that runs as a process, and its cost: time, CPU time of all threads, and memory, from
 * its start. Works on Linux only.
 */
final class WholeProcess {
  private static final Path STATUS = Path.of("/proc/self/stat");

  /** Linux reports the CPU time of processes in these units on every machine. */
  private static final double TICKS_A_SECOND = 100;

  /** The time between two measurements of memory. */
  private static final long LOOK_MILLIS = 20;

  private static final Duration NEVER = Duration.ofDays(365);

  /** The exit code of a process that SIGKILL ended. */
  private static final int KILLED = 128 + 9;

  private final List<String> command;
  private final Path log;

  /**
   * The cost of a process.
   *
   * @param cpuSeconds of all threads
   * @param residentBytes the maximum
   */
  record Cost(double wallSeconds, double cpuSeconds, long residentBytes) {}

  /** The process ended with another exit code than was expected. */
  static final class FailedException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    final int exitCode;
    final String output;
    final long residentBytes;

    FailedException(String command, int exitCode, String output, long residentBytes) {
      super("%s ended with exit code %d and printed:%n%s".formatted(command, exitCode, output));
      this.exitCode = exitCode;
      this.output = output;
      this.residentBytes = residentBytes;
    }
  }

  /**
   * @param log the file for what it prints, which a failure repeats
   */
  WholeProcess(List<String> command, Path log) {
    this.command = List.copyOf(command);
    this.log = log;
  }

  /** A command of Merganser, run by the launcher of this checkout. */
  static WholeProcess merganser(List<String> arguments, Path log) {
    List<String> command =
        new ArrayList<>(List.of(Path.of("merganser").toAbsolutePath().toString()));
    command.addAll(arguments);
    return new WholeProcess(command, log);
  }

  /**
   * Runs it to its end. This process must have no other child meanwhile.
   *
   * @throws FailedException if it fails
   */
  Cost run() throws IOException, InterruptedException {
    return run(NEVER, 0);
  }

  /**
   * Runs it for some time, and kills it.
   *
   * @throws FailedException if it ends before
   */
  Cost kill(Duration after) throws IOException, InterruptedException {
    return run(after, KILLED);
  }

  private Cost run(Duration most, int expected) throws IOException, InterruptedException {
    double cpu = childrenSeconds();
    long start = System.nanoTime();
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    long resident = 0;
    try {
      do {
        resident = Math.max(resident, Meter.peakResident(process.pid()));
        if (System.nanoTime() - start > most.toNanos()) {
          process.destroyForcibly();
        }
      } while (!process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS));
    } finally {
      process.destroyForcibly();
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    if (process.exitValue() != expected) {
      throw new FailedException(
          String.join(" ", command), process.exitValue(), Files.readString(log), resident);
    }
    return new Cost(seconds, childrenSeconds() - cpu, resident);
  }

  /** CPU seconds of all processes that this one has started and that have ended. */
  static double childrenSeconds() throws IOException {
    return childrenSeconds(Files.readString(STATUS));
  }

  /**
   * CPU seconds of the ended children of any process.
   *
   * @param status of {@code /proc/PID/stat}, whose second field is a name in brackets that may hold
   *     blanks and brackets
   */
  static double childrenSeconds(String status) {
    String[] fields = status.substring(status.lastIndexOf(')') + 2).strip().split(" ");
    return (Long.parseLong(fields[13]) + Long.parseLong(fields[14])) / TICKS_A_SECOND;
  }

  /** The cells of a table: seconds, CPU seconds, megabytes. */
  static String cells(Cost cost) {
    return String.format(
        Locale.ROOT,
        "%.1f | %.1f | %,.0f",
        cost.wallSeconds(),
        cost.cpuSeconds(),
        cost.residentBytes() / 1e6);
  }
}
