package org.merganser.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.merganser.Seeds;
import org.merganser.SharedData;
import org.merganser.pipeline.OutputTree;

/**
 * A cluster of several processes, started as docs/clusters.md says, writes the bytes of the direct
 * runner: undisturbed, with workers killed in the middle of counting and of encoding, and with a
 * driver killed whose job goes on beside the next run. Runs with {@code mvn -Pcluster
 * surefire:test}; what the runs wrote and said stays in {@code target/cluster-runs}, the clusters'
 * logs in {@code target/clusters}.
 */
@Tag("cluster")
@Timeout(value = 20, unit = TimeUnit.MINUTES) // for one that hangs; LauncherRun has the tighter one
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(ClusterLogs.class)
abstract class ClusterTest {
  private static final Path SAMPLE = Path.of("pipelines", "sample.yaml");
  private static final Path SHARED_CORPUS = Path.of("pipelines", "shared-corpus.yaml");

  LocalCluster cluster;
  Path folder;

  abstract String engine();

  @BeforeAll
  void start() throws IOException, InterruptedException {
    folder = DirectRuns.emptied(engine());
    LauncherRun.build(LocalCluster.runner(engine()));
    cluster = LocalCluster.start(engine());
  }

  @AfterAll
  void stop() throws IOException, InterruptedException {
    if (cluster != null) {
      cluster.close();
    }
  }

  /** What the test before has left behind ends first, so that each has the whole cluster. */
  @BeforeEach
  void idle(TestInfo test) throws IOException, InterruptedException {
    cluster.awaitIdle();
    System.out.println(engine() + ": " + test.getDisplayName());
  }

  @Test
  void theSampleIsThatOfTheDirectRunner() throws IOException, InterruptedException {
    Map<String, String> direct = DirectRuns.sums(SAMPLE, List.of());
    assertThat(direct).hasSizeGreaterThan(8);
    Path output = folder.resolve("sample");
    assertThat(LauncherRun.sums(SAMPLE, output, cluster.flags())).isEqualTo(direct);
  }

  @Test
  void workersKilledWhileCountingAndEncodingChangeNothing()
      throws IOException, InterruptedException {
    Path job = DirectRuns.madeUpJob();
    Map<String, String> direct = DirectRuns.sums(job, List.of());
    assertThat(direct).hasSizeGreaterThan(12);
    try (LauncherRun run =
        LauncherRun.start(job, folder.resolve("workers-killed"), cluster.flags())) {
      run.awaitFiles("run/counts", ".counts", 1);
      cluster.killAWorkerOf(run);
      run.awaitFiles("shards/parquet", ".parquet", 1); // units are encoded now
      cluster.killAWorkerOf(run);
      assertThat(run.sums()).as(job + " was made from a seed").isEqualTo(direct);
    }
  }

  @Test
  void theJobOfAKilledDriverAndTheNextRunMakeOneResult() throws IOException, InterruptedException {
    Path job = DirectRuns.madeUpJob();
    Map<String, String> direct = DirectRuns.sums(job, List.of());
    Path output = folder.resolve("driver-killed");
    try (LauncherRun first = LauncherRun.start(job, output, cluster.flags())) {
      first.awaitFiles("run/counts", ".counts", 1);
      first.kill();
    }
    try (LauncherRun second = LauncherRun.start(job, output, cluster.flags())) {
      assertThat(second.exitCode()).as(second.log()).isZero();
      cluster.awaitIdle(); // the job that was left behind writes as long as it runs
      assertThat(second.sums()).isEqualTo(direct);
    }
  }

  @Test
  void aFlippedBitInEveryFileOfAnUnfinishedRunChangesNothing()
      throws IOException, InterruptedException {
    Map<String, String> direct = DirectRuns.sums(SAMPLE, List.of());
    Path output = folder.resolve("damaged");
    assertThat(LauncherRun.sums(SAMPLE, output, cluster.flags())).isEqualTo(direct);
    Files.delete(output.resolve("manifest.json"));
    Files.delete(output.resolve("shards/parquet/part-0000000-000.parquet"));
    Random random = new Random(Seeds.next());
    for (String path : OutputTree.files(output)) {
      if (path.startsWith("run/")) {
        OutputTree.flipABit(output.resolve(path), random);
      }
    }
    assertThat(LauncherRun.sums(SAMPLE, output, cluster.flags())).isEqualTo(direct);
  }

  /** {@code -Dtest.groups=cluster-large}, where ../shared is there. */
  @Test
  @Tag("cluster-large")
  void the172MegabyteCorpusIsThatOfTheDirectRunner() throws IOException, InterruptedException {
    List<String> inputs =
        List.of("--set", "corpus.inputs=[\"" + SharedData.dir() + "/corpus/*.jsonl.zst\"]");
    Map<String, String> direct = DirectRuns.sums(SHARED_CORPUS, inputs);
    assertThat(direct).hasSizeGreaterThan(25);
    assertThat(
            LauncherRun.sums(
                SHARED_CORPUS, folder.resolve("shared-corpus"), cluster.flagsAnd(inputs)))
        .isEqualTo(direct);
  }
}
