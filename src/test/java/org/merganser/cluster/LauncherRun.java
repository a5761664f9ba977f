package org.merganser.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.merganser.S3Server;
import org.merganser.pipeline.OutputTree;

/** {@code ./merganser run JOB} as a process of its own, as users start it; closing ends it. */
final class LauncherRun implements AutoCloseable {
  /**
   * Long enough for a loaded machine, and for the launcher's builds; met only by a run that hangs.
   */
  private static final Duration LIMIT = Duration.ofMinutes(10);

  /** JVMs of seconds gain nothing from the second compiler, and it costs more than their work. */
  private static final String OPTIONS =
      "-Xms64m -Xmx1500m -XX:TieredStopAtLevel=1"
          + " -Dspark.executor.extraJavaOptions=-XX:TieredStopAtLevel=1";

  private final Process process;
  private final Path log;
  private final Path output;

  private LauncherRun(Process process, Path log, Path output) {
    this.process = process;
    this.log = log;
    this.output = output;
  }

  /** Has the launcher build what a runner needs, where it isn't built: a run's time is its own. */
  static void build(String runnerFlag) throws IOException, InterruptedException {
    Path job = Path.of("pipelines", "sample.yaml");
    Path output = DirectRuns.emptied("build").resolve("explained");
    try (LauncherRun explained = start(job, output, List.of(runnerFlag, "--explain"))) {
      assertThat(explained.exitCode()).as(explained.log()).isZero();
    }
  }

  /** Builds the jar for an engine with S3, where it has none: the launcher's own build has none. */
  static void buildWithS3(String engine) throws IOException, InterruptedException {
    try (JarFile jar = new JarFile("target/%1$s/merganser-%1$s.jar".formatted(engine))) {
      if (jar.getEntry("org/apache/beam/sdk/io/aws2/s3/S3FileSystem.class") != null) {
        return;
      }
    }
    String build = "mvn -B -q -f src/clusters -pl %s -am -Ps3 -Dmaven.test.skip=true package";
    Process maven = new ProcessBuilder(build.formatted(engine).split(" ")).inheritIO().start();
    assertThat(maven.waitFor()).as(build, engine).isZero();
  }

  /**
   * Where a run writes.
   *
   * @param location of the output, as the job names it
   * @param files the output as files of this machine
   * @param log of the process
   */
  record Place(String location, Path files, Path log) {}

  static LauncherRun start(Path job, Path output, List<String> flags) throws IOException {
    return start(job, new Place(output.toString(), output, Path.of(output + ".log")), flags);
  }

  static LauncherRun start(Path job, Place output, List<String> flags) throws IOException {
    Files.createDirectories(output.log().getParent());
    List<String> command =
        new ArrayList<>(
            List.of("./merganser", "run", job.toString(), "--set", "output=" + output.location()));
    command.addAll(flags);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(output.log().toFile()));
    builder.environment().put("MERGANSER_OPTS", OPTIONS);
    builder.environment().putAll(S3Server.CREDENTIALS);
    return new LauncherRun(builder.start(), output.log(), output.files());
  }

  /** Runs to the end, which must be a good one; what was written, by path. */
  static Map<String, String> sums(Path job, Path output, List<String> flags)
      throws IOException, InterruptedException {
    try (LauncherRun run = start(job, output, flags)) {
      return run.sums();
    }
  }

  /**
   * The sha256 of every file by its path, but for {@code run/} and report.html, which alone may
   * differ between runs of one job.
   */
  Map<String, String> sums() throws IOException, InterruptedException {
    assertThat(exitCode()).as(log()).isZero();
    return OutputTree.sums(output);
  }

  int exitCode() throws InterruptedException {
    if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
      close();
      return -1; // and its log says how far it came
    }
    return process.exitValue();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  String log() throws IOException {
    return Files.readString(log);
  }

  /** Kills the driver, as the kernel would. */
  void kill() throws InterruptedException {
    assertThat(process.isAlive()).as(output + " is still written").isTrue();
    process.destroyForcibly();
    process.waitFor();
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  /** Waits until there are so many files of units below a folder of the output. */
  void awaitFiles(String folder, String suffix, int count) throws IOException {
    long begin = System.nanoTime();
    while (process.isAlive() && System.nanoTime() - begin < LIMIT.toNanos()) {
      if (files(folder, suffix) >= count) {
        return;
      }
      LockSupport.parkNanos(20_000_000);
    }
    throw new AssertionError(
        "the run ended, or its time was over, before %s had %d files %s: %s"
            .formatted(folder, count, suffix, log()));
  }

  private long files(String folder, String suffix) throws IOException {
    Path root = output.resolve(folder);
    if (!Files.isDirectory(root)) {
      return 0;
    }
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(file -> file.toString().endsWith(suffix))
          .filter(file -> file.getFileName().toString().matches("(unit-|part-)?\\d+(-\\d+)?\\..*"))
          .count();
    } catch (UncheckedIOException e) {
      return 0; // a temporary name that went while it was looked at; asked again
    }
  }
}
