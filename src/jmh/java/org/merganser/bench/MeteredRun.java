package org.merganser.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.merganser.cli.Main;

/** A merganser command in a JVM of its own, and what it cost. */
final class MeteredRun {
  private static final ObjectMapper JSON = new ObjectMapper();

  private MeteredRun() {}

  /**
   * @param wallSeconds from the JVM's start
   * @param cpuSeconds of all its threads
   * @param residentBytes at most, 0 where the system doesn't say
   */
  record Cost(double wallSeconds, double cpuSeconds, long residentBytes) {}

  /** Runs in the child: the first argument is the file to write the cost to. */
  public static void main(String[] args) throws IOException {
    StringWriter output = new StringWriter();
    PrintWriter printer = new PrintWriter(output);
    String[] command = List.of(args).subList(1, args.length).toArray(String[]::new);
    int exitCode = Main.run(printer, printer, command);
    long wallMillis =
        System.currentTimeMillis() - ManagementFactory.getRuntimeMXBean().getStartTime();
    long cpuNanos =
        ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    if (exitCode != 0) {
      printer.flush();
      System.err.print(output);
      System.exit(exitCode);
    }
    Cost cost = new Cost(wallMillis / 1e3, cpuNanos / 1e9, Meter.peakResident());
    JSON.writeValue(Path.of(args[0]).toFile(), cost);
    System.exit(0);
  }

  /** What the launcher gives to a job's JVM, and to the bench to hand on. */
  private static String launcherOptions() {
    String options = System.getProperty("merganser.options");
    if (options == null) {
      throw new IllegalStateException("no -Dmerganser.options: start the bench by ./merganser bench");
    }
    return options;
  }

  /**
   * Runs a command with the launcher's options, but without its archive of classes.
   *
   * @throws IllegalStateException when the command fails
   */
  static Cost run(Path scratch, String... command) throws IOException {
    Path result = scratch.resolve("cost.json");
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(List.of(launcherOptions().strip().split("\\s+")));
    line.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=error");
    line.addAll(List.of("-cp", System.getProperty("java.class.path")));
    line.addAll(List.of(MeteredRun.class.getName(), result.toString()));
    line.addAll(List.of(command));
    Process child =
        new ProcessBuilder(line)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      int exitCode = child.waitFor();
      if (exitCode != 0) {
        throw new IllegalStateException(
            "merganser " + String.join(" ", command) + " ended with " + exitCode);
      }
      return JSON.readValue(Files.readAllBytes(result), Cost.class);
    } catch (InterruptedException e) {
      child.destroy();
      throw new UncheckedIOException(new IOException("interrupted", e));
    }
  }
}
