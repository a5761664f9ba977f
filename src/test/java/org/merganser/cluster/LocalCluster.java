package org.merganser.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;

/** A cluster of this machine, started and stopped by the scripts that users have. */
final class LocalCluster implements AutoCloseable {
  private static final Path STATE = Path.of("target", "clusters");
  private static final Duration LIMIT = Duration.ofMinutes(3);

  private final String engine;
  private final String address;

  private LocalCluster(String engine, String address) {
    this.engine = engine;
    this.address = address;
  }

  /** Starts two workers; what an earlier test run may have left is stopped first. */
  static LocalCluster start(String engine) throws IOException, InterruptedException {
    script(engine, "stop");
    try {
      return new LocalCluster(engine, script(engine, "start").strip());
    } catch (AssertionError e) {
      script(engine, "stop");
      throw e;
    }
  }

  /** The flags that send a run to it. */
  List<String> flags() {
    return engine.equals("flink")
        ? List.of("--runner=FlinkRunner", "--flinkMaster=" + address)
        : List.of("--runner=SparkRunner", "--sparkMaster=" + address);
  }

  /**
   * Kills, as the kernel would, a process that works for a run now, and waits until the cluster
   * says that the run lost it; another worker takes its place.
   */
  void killAWorker() throws IOException, InterruptedException {
    ProcessHandle victim = victim().orElseThrow();
    long before = losses();
    assertThat(victim.destroyForcibly()).isTrue();
    victim.onExit().join();
    long begin = System.nanoTime();
    while (losses() == before) {
      assertThat(System.nanoTime() - begin)
          .as("the %s cluster noticed no loss of process %d", engine, victim.pid())
          .isLessThan(LIMIT.toNanos());
      LockSupport.parkNanos(50_000_000);
    }
    if (engine.equals("flink")) {
      script(engine, "add");
    }
  }

  /** How often a run has lost a worker: its restarts on Flink, its executors that died on Spark. */
  private long losses() throws IOException {
    boolean flink = engine.equals("flink");
    Path log = STATE.resolve(engine).resolve(flink ? "jobmanager.log" : "master.log");
    Pattern loss =
        Pattern.compile(
            flink
                ? "switched from state RUNNING to RESTARTING"
                : "Removing executor app-.* because it is EXITED");
    try (var lines = Files.lines(log)) {
      return lines.filter(line -> loss.matcher(line).find()).count();
    }
  }

  /** A TaskManager, or an executor: a Spark worker itself does nothing but start those. */
  private Optional<ProcessHandle> victim() throws IOException {
    List<ProcessHandle> workers = new ArrayList<>();
    String name = engine.equals("flink") ? "taskmanager-" : "worker-";
    try (var files = Files.list(STATE.resolve(engine))) {
      for (Path file : files.sorted().toList()) {
        if (file.getFileName().toString().matches(name + "\\d+\\.pid")) {
          long pid = Long.parseLong(Files.readString(file).strip());
          ProcessHandle.of(pid).filter(ProcessHandle::isAlive).ifPresent(workers::add);
        }
      }
    }
    return engine.equals("flink")
        ? workers.stream().findFirst()
        : workers.stream().flatMap(ProcessHandle::children).findFirst();
  }

  @Override
  public void close() throws IOException, InterruptedException {
    script(engine, "stop");
  }

  private static String script(String engine, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("src/clusters/" + engine + ".sh"));
    command.addAll(List.of(arguments));
    Path errors = Files.createTempFile("cluster", ".log");
    Process process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
    String output = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(command + ": " + Files.readString(errors)).isZero();
    Files.delete(errors);
    return output;
  }
}
