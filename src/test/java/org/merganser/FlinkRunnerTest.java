package org.merganser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.cli.Main;
import org.merganser.shard.Sha256;

/**
 * The second runner, embedded: finds statics and coders that only the direct runner forgives. Runs
 * with {@code mvn -Pflink verify}; that its bytes equal the direct runner's is checked by {@code
 * .ci/run}, since one build holds one runner.
 */
@Tag("flink")
final class FlinkRunnerTest {
  @TempDir Path folder;

  @Test
  void writesTheSameBytesWhateverTheParallelism() throws IOException {
    assertThat(run("two", 2)).isEqualTo(run("one", 1)).hasSizeGreaterThan(8);
  }

  private Map<String, String> run(String name, int parallelism) throws IOException {
    Path output = folder.resolve(name);
    StringWriter text = new StringWriter();
    PrintWriter printer = new PrintWriter(text);
    int exitCode =
        Main.run(
            printer,
            printer,
            "run",
            "pipelines/sample.yaml",
            "--set",
            "output=" + output,
            "--runner=FlinkRunner",
            "--flinkMaster=[local]",
            "--parallelism=" + parallelism);
    assertThat(exitCode).as(text.toString()).isZero();
    Map<String, String> sums = new TreeMap<>();
    try (Stream<Path> files = Files.walk(output)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String path = output.relativize(file).toString();
        if (!path.startsWith("run")) {
          sums.put(path, Sha256.of(file));
        }
      }
    }
    return sums;
  }
}
