package org.merganser.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * A cluster of several processes, started as docs/clusters.md says, writes the bytes of the direct
 * runner: undisturbed, with workers killed in the middle of counting and of encoding, and with a
 * driver killed whose job goes on beside the next run. Runs with {@code mvn -Pcluster verify}.
 */
@Tag("cluster")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ClusterTest {
  private static final Path SAMPLE = Path.of("pipelines", "sample.yaml");
  private static final long SEED = 7;

  @TempDir Path folder;
  private LocalCluster cluster;

  abstract String engine();

  @BeforeAll
  void start() throws IOException, InterruptedException {
    cluster = LocalCluster.start(engine());
  }

  @AfterAll
  void stop() throws IOException, InterruptedException {
    if (cluster != null) {
      cluster.close();
    }
  }

  @Test
  void theSampleIsThatOfTheDirectRunner() throws IOException, InterruptedException {
    Map<String, String> direct = LauncherRun.sums(SAMPLE, folder.resolve("direct"), List.of());
    assertThat(direct).hasSizeGreaterThan(8);
    assertThat(LauncherRun.sums(SAMPLE, folder.resolve("cluster"), cluster.flags()))
        .isEqualTo(direct);
    assertThat(Files.readString(folder.resolve("cluster/run/movement.json")))
        .contains("\"tokenizersReadByWorker\" : 1", "\"tablesOpenedByWorker\" : 1");
  }

  @Test
  void workersKilledWhileCountingAndEncodingChangeNothing()
      throws IOException, InterruptedException {
    Path job = GeneratedCorpus.job(folder.resolve("made"), 12, 2 << 20, SEED);
    Map<String, String> direct = LauncherRun.sums(job, folder.resolve("direct"), List.of());
    assertThat(direct).hasSizeGreaterThan(12);
    try (LauncherRun run = LauncherRun.start(job, folder.resolve("cluster"), cluster.flags())) {
      run.awaitFiles("counts", ".counts", 2);
      cluster.killAWorker();
      run.awaitFiles("units", ".json", 2);
      cluster.killAWorker();
      assertThat(run.sums()).as("seed " + SEED).isEqualTo(direct);
    }
  }

  @Test
  void theJobOfAKilledDriverAndTheNextRunMakeOneResult() throws IOException, InterruptedException {
    Path job = GeneratedCorpus.job(folder.resolve("left"), 8, 1 << 20, SEED + 1);
    Map<String, String> direct = LauncherRun.sums(job, folder.resolve("direct2"), List.of());
    Path output = folder.resolve("left-behind");
    try (LauncherRun first = LauncherRun.start(job, output, cluster.flags())) {
      first.awaitFiles("counts", ".counts", 1);
      first.kill();
    }
    assertThat(LauncherRun.sums(job, output, cluster.flags())).isEqualTo(direct);
  }
}
