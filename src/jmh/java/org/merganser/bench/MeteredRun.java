package org.merganser.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
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
    long cpuNanos = Meter.processNanos();
    if (exitCode != 0) {
      printer.flush();
      System.err.print(output);
      System.exit(exitCode);
    }
    Cost cost = new Cost(wallMillis / 1e3, cpuNanos / 1e9, Meter.peakResident());
    JSON.writeValue(Path.of(args[0]).toFile(), cost);
    System.exit(0);
  }

  /** What the launcher hands to the bench for the JVMs that it starts. */
  private static String launcher(String property) {
    String value = System.getProperty(property);
    if (value == null) {
      throw new IllegalStateException(
          "no -D" + property + ": start the bench by ./merganser bench");
    }
    return value;
  }

  /**
   * Runs a command as the launcher does, with its options and its archive of classes.
   *
   * @throws IllegalStateException when the command fails
   */
  static Cost run(Path scratch, List<String> command) throws IOException {
    return child(MeteredRun.class, Cost.class, scratch, command);
  }

  /**
   * Runs a main class of the bench in a JVM like a job's.
   *
   * @param arguments the class gets a file for its result, in JSON, before them
   * @throws IllegalStateException when it fails
   */
  static <T> T child(Class<?> main, Class<T> resultType, Path scratch, List<String> arguments)
      throws IOException {
    Path result = scratch.resolve("cost.json");
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.add("@" + launcher("merganser.flags"));
    line.addAll(List.of(launcher("merganser.options").strip().split("\\s+")));
    line.add("-XX:SharedArchiveFile=" + launcher("merganser.archive"));
    line.addAll(List.of("-Xshare:auto", "-Xlog:cds=off", "-Xlog:cds+dynamic=off"));
    line.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=error");
    // The jar first: the archive is of a class path that begins so.
    line.add("-cp");
    line.add(
        launcher("merganser.jar") + File.pathSeparator + System.getProperty("java.class.path"));
    line.addAll(List.of(main.getName(), result.toString()));
    line.addAll(arguments);
    Process child =
        new ProcessBuilder(line)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      int exitCode = child.waitFor();
      if (exitCode != 0) {
        throw new IllegalStateException(
            main.getSimpleName() + " " + String.join(" ", arguments) + " ended with " + exitCode);
      }
      return JSON.readValue(Files.readAllBytes(result), resultType);
    } catch (InterruptedException e) {
      child.destroy();
      throw new UncheckedIOException(new IOException("interrupted", e));
    }
  }
}
