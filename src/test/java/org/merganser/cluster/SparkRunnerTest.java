package org.merganser.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Spark in one JVM, as the launcher starts it: the jar for Spark beside the jars of Spark. Runs
 * with {@code mvn -f src/clusters -pl spark -am verify}.
 */
@Tag("engine")
final class SparkRunnerTest {
  private static final Path JOB = Path.of("pipelines", "sample.yaml");

  @Test
  void writesTheBytesOfTheDirectRunner() throws Exception {
    Path outputs = DirectRuns.emptied("spark-local");
    Map<String, String> direct =
        LauncherRun.sums(JOB, outputs.resolve("direct"), List.of("--runner=DirectRunner"));
    assertThat(direct).hasSizeGreaterThan(8);
    List<String> local = List.of("--runner=SparkRunner", "--sparkMaster=local[2]");
    assertThat(LauncherRun.sums(JOB, outputs.resolve("spark"), local)).isEqualTo(direct);
  }
}
