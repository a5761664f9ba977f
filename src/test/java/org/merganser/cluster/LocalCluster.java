package org.merganser.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.merganser.S3Server;

/** A cluster of this machine, started and stopped by the scripts that users have. */
final class LocalCluster implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final Set<String> ENDED = Set.of("FINISHED", "FAILED", "CANCELED");

  private final String engine;
  private final String address;

  private LocalCluster(String engine, String address) {
    this.engine = engine;
    this.address = address;
  }

  /** Starts two workers; what an earlier test run may have left is stopped first. */
  static LocalCluster start(String engine) throws IOException, InterruptedException {
    script(engine, "stop");
    return new LocalCluster(engine, script(engine, "start").strip());
  }

  /** Where its logs and process ids lie. */
  static Path state(String engine) {
    return Path.of("target", "clusters", engine);
  }

  /** The flag that chooses the engine's build. */
  static String runner(String engine) {
    return engine.equals("flink") ? "--runner=FlinkRunner" : "--runner=SparkRunner";
  }

  /** The flags that send a run to it. */
  List<String> flags() {
    return List.of(runner(engine), "--" + engine + "Master=" + address);
  }

  @SafeVarargs
  final List<String> flagsAnd(List<String>... others) {
    return Stream.concat(Stream.of(others).flatMap(List::stream), flags().stream()).toList();
  }

  /**
   * Kills, as the kernel would, a process that works for a run now, and waits until the cluster
   * says that the run lost it; another worker takes its place.
   */
  void killAWorkerOf(LauncherRun run) throws IOException, InterruptedException {
    ProcessHandle victim = victim().orElseThrow();
    long before = losses();
    assertThat(victim.destroyForcibly()).isTrue();
    victim.onExit().join();
    long begin = System.nanoTime();
    while (losses() == before) {
      assertThat(run.isAlive())
          .as("the run goes on, so that it can lose process %d: %s", victim.pid(), run.log())
          .isTrue();
      requireTime(begin, "the " + engine + " cluster noticed no loss of process " + victim.pid());
      LockSupport.parkNanos(50_000_000);
    }
    if (engine.equals("flink")) {
      script(engine, "add");
    }
  }

  /** Waits until it does nothing for any run: for one whose driver was killed, say. */
  void awaitIdle() throws IOException {
    long begin = System.nanoTime();
    while (isBusy()) {
      requireTime(begin, "the " + engine + " cluster still works for a run that has ended");
      LockSupport.parkNanos(100_000_000);
    }
  }

  private boolean isBusy() throws IOException {
    if (!engine.equals("flink")) {
      return executors().findAny().isPresent();
    }
    JsonNode jobs =
        new JsonMapper().readTree(URI.create("http://" + address + "/jobs/overview").toURL());
    for (JsonNode job : jobs.path("jobs")) {
      if (!ENDED.contains(job.path("state").asText())) {
        return true;
      }
    }
    return false;
  }

  private static void requireTime(long begin, String otherwise) {
    assertThat(System.nanoTime() - begin).as(otherwise).isLessThan(LIMIT.toNanos());
  }

  /** How often a run has lost a worker: its restarts on Flink, its executors that died on Spark. */
  private long losses() throws IOException {
    boolean flink = engine.equals("flink");
    Path log = state(engine).resolve(flink ? "jobmanager.log" : "master.log");
    Pattern loss =
        Pattern.compile(
            flink
                ? "switched from state RUNNING to RESTARTING"
                : "Removing executor app-.* because it is EXITED");
    try (var lines = Files.lines(log)) {
      return lines.filter(line -> loss.matcher(line).find()).count();
    }
  }

  /** The TaskManager or executor that has worked most: one that has just begun may have no task. */
  private Optional<ProcessHandle> victim() throws IOException {
    return (engine.equals("flink") ? workers().stream() : executors())
        .max(Comparator.comparing(p -> p.info().totalCpuDuration().orElse(Duration.ZERO)));
  }

  /** A Spark worker itself does nothing but start executors. */
  private Stream<ProcessHandle> executors() throws IOException {
    return workers().stream().flatMap(ProcessHandle::children);
  }

  private List<ProcessHandle> workers() throws IOException {
    List<ProcessHandle> workers = new ArrayList<>();
    try (var files = Files.list(state(engine))) {
      for (Path file : files.toList()) {
        if (file.getFileName().toString().matches("(taskmanager|worker)-\\d+\\.pid")) {
          long pid = Long.parseLong(Files.readString(file).strip());
          ProcessHandle.of(pid).filter(ProcessHandle::isAlive).ifPresent(workers::add);
        }
      }
    }
    return workers;
  }

  @Override
  public void close() throws IOException, InterruptedException {
    script(engine, "stop");
  }

  private static String script(String engine, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("src/clusters/" + engine + ".sh"));
    command.addAll(List.of(arguments));
    Path output = Files.createTempFile("cluster", ".out");
    Path errors = Files.createTempFile("cluster", ".log");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(output.toFile()).redirectError(errors.toFile());
    builder.environment().putAll(S3Server.CREDENTIALS); // each worker looks for them itself
    Process process = builder.start();
    boolean ended = process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS);
    if (!ended) {
      process.destroyForcibly();
    }
    assertThat(ended && process.exitValue() == 0)
        .as(command + (ended ? "" : " did not end") + ": " + Files.readString(errors))
        .isTrue();
    String said = Files.readString(output);
    Files.delete(output);
    Files.delete(errors);
    return said;
  }
}
