package org.merganser.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;

/** On a Spark cluster. */
final class SparkInstallationTest extends ClusterTest {
  @Override
  String engine() {
    return "spark";
  }

  /**
   * Spark repeats a task whose input it cannot fetch, so a run can succeed without this; whether it
   * does depends on which executor is lost and when.
   */
  @AfterEach
  void executorsCanFetchWhatOthersKeep() throws IOException {
    List<Path> logs;
    try (Stream<Path> files = Files.walk(LocalCluster.state(engine()))) {
      logs = files.filter(file -> file.endsWith("stderr")).toList();
    }
    assertThat(logs).isNotEmpty();
    for (Path log : logs) {
      assertThat(Files.readString(log))
          .as(log.toString())
          .doesNotContain("NotSerializableException");
    }
  }
}
