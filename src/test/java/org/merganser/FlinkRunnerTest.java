package org.merganser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.checksum.Sha256;
import org.merganser.cli.Main;

/**
 * The second runner, embedded: finds statics and coders that only the direct runner forgives. Runs
 * with {@code mvn -f src/clusters -pl flink -am verify}.
 */
@Tag("engine")
final class FlinkRunnerTest {
  @TempDir Path folder;

  @Test
  void writesTheBytesOfTheDirectRunnerWhateverTheParallelism() throws IOException {
    Map<String, String> direct = run("direct", "--runner=DirectRunner", "--targetParallelism=2");
    assertThat(direct).hasSizeGreaterThan(8);
    for (int parallelism = 1; parallelism <= 2; parallelism++) {
      assertThat(
              run(
                  "flink" + parallelism,
                  "--runner=FlinkRunner",
                  "--flinkMaster=[local]",
                  "--parallelism=" + parallelism))
          .as("parallelism " + parallelism)
          .isEqualTo(direct);
    }
  }

  @Test
  void countsTokensAsTheDirectRunnerDoes() throws IOException {
    assertThat(count("--runner=FlinkRunner", "--flinkMaster=[local]", "--parallelism=2"))
        .isEqualTo(count("--runner=DirectRunner"))
        .contains("\"groups\"");
  }

  private String count(String... beamFlags) throws IOException {
    run("trained", "--runner=DirectRunner");
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    List<String> arguments = new ArrayList<>(List.of("count", "pipelines/sample.yaml", "--json"));
    arguments.addAll(List.of("--tokenizer", folder.resolve("trained").toString()));
    arguments.addAll(List.of("--output", folder.resolve("count" + beamFlags.length).toString()));
    arguments.addAll(List.of(beamFlags));
    int exitCode =
        Main.run(new PrintWriter(out), new PrintWriter(err), arguments.toArray(String[]::new));
    assertThat(exitCode).as(err.toString()).isZero();
    return out.toString();
  }

  @Test
  void showsEachStageAsItBegins() throws IOException {
    run("stages", "--runner=FlinkRunner", "--flinkMaster=[local]", "--parallelism=1");
    List<String> begun =
        Files.readAllLines(folder.resolve("stages.jsonl")).stream()
            .filter(line -> line.contains("\"stage.started\""))
            .map(line -> line.replaceAll(".*\"stage\":\"([a-z_]+)\".*", "$1"))
            .toList();
    assertThat(begun).contains("count", "learn", "encode", "join", "measure", "manifest");
    assertThat(begun.indexOf("count")).isLessThan(begun.indexOf("learn"));
    assertThat(begun.indexOf("learn")).isLessThan(begun.indexOf("encode"));
    assertThat(begun.get(begun.size() - 1)).isEqualTo("manifest");
  }

  private Map<String, String> run(String name, String... beamFlags) throws IOException {
    Path output = folder.resolve(name);
    StringWriter text = new StringWriter();
    PrintWriter printer = new PrintWriter(text);
    List<String> arguments =
        new ArrayList<>(List.of("run", "pipelines/sample.yaml", "--set", "output=" + output));
    arguments.addAll(List.of("--events", folder.resolve(name + ".jsonl").toString()));
    arguments.addAll(List.of(beamFlags));
    int exitCode = Main.run(printer, printer, arguments.toArray(String[]::new));
    assertThat(exitCode).as(text.toString()).isZero();
    Map<String, String> sums = new TreeMap<>();
    try (Stream<Path> files = Files.walk(output)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String path = output.relativize(file).toString();
        if (!path.startsWith("run") && !path.equals("report.html")) {
          sums.put(path, Sha256.of(file));
        }
      }
    }
    return sums;
  }
}
