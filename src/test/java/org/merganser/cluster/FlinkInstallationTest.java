package org.merganser.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.merganser.S3Server;
import org.merganser.pipeline.OutputTree;

/** On a Flink cluster. */
final class FlinkInstallationTest extends ClusterTest {
  @Override
  String engine() {
    return "flink";
  }

  @Test
  void aCorpusAndAnOutputOnS3AndAKilledWorkerMakeTheBytesOfALocalDisk()
      throws IOException, InterruptedException {
    LauncherRun.buildWithS3(engine());
    Path job = DirectRuns.madeUpJob();
    Map<String, String> direct = new TreeMap<>(DirectRuns.sums(job, List.of()));
    direct.remove("manifest.json"); // it repeats the job, which names another corpus
    try (S3Server server = S3Server.start(Files.createDirectory(folder.resolve("s3")))) {
      OutputTree.copy(job.resolveSibling("corpus"), server.file("corpus"));
      LauncherRun.Place output =
          new LauncherRun.Place(
              server.location("out"), server.file("out"), folder.resolve("s3.log"));
      List<String> corpus =
          List.of("--set", "corpus.inputs=[\"" + server.location("corpus") + "\"]");
      try (LauncherRun run =
          LauncherRun.start(job, output, cluster.flagsAnd(corpus, server.flags()))) {
        run.awaitFiles("shards/parquet", ".parquet", 1); // units are encoded now
        cluster.killAWorkerOf(run);
        Map<String, String> written = new TreeMap<>(run.sums());
        assertThat(written.remove("manifest.json")).as("the run finished").isNotNull();
        assertThat(written).isEqualTo(direct).hasSizeGreaterThan(12);
      }
    }
  }
}
