package org.merganser.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A cluster of this machine, started and stopped by the scripts that users have. */
final class LocalCluster implements AutoCloseable {
  private static final Path STATE = Path.of("target", "clusters");

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

  /** The flags that send a run to it. */
  List<String> flags() {
    return engine.equals("flink")
        ? List.of("--runner=FlinkRunner", "--flinkMaster=" + address)
        : List.of("--runner=SparkRunner", "--sparkMaster=" + address);
  }

  String address() {
    return address;
  }

  /** Kills, as the kernel would, a process that works for a run now, and starts another worker. */
  String killAWorker() throws IOException, InterruptedException {
    ProcessHandle victim = victim().orElseThrow();
    assertThat(victim.destroyForcibly()).isTrue();
    victim.onExit().join();
    if (engine.equals("flink")) {
      script(engine, "add");
    }
    return "process " + victim.pid();
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
    List<String> command = new ArrayList<>(List.of("clusters/" + engine + ".sh"));
    command.addAll(List.of(arguments));
    Path errors = Files.createTempFile("cluster", ".log");
    Process process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
    String output = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(command + ": " + Files.readString(errors)).isZero();
    Files.delete(errors);
    return output;
  }
}
