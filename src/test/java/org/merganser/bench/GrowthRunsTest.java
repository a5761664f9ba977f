package org.merganser.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.cli.CommandLineRun;
import org.merganser.json.Json;

/** The figures that {@code bench growth} takes from the manifests of its runs. */
@Tag("run")
final class GrowthRunsTest {
  private static final String TEXT = "one two two";

  @TempDir Path folder;

  @Test
  void bytesAndPretokensAreThoseOfTheTextOfARun() throws IOException {
    Path corpus = Files.writeString(folder.resolve("corpus.txt"), TEXT);
    Path output = folder.resolve("run");
    Path job =
        Files.writeString(
            folder.resolve("job.yaml"),
            new BenchJob("gpt2", 300).yaml(List.of(corpus.toString()), output));
    CommandLineRun.of("run", job.toString()).succeeded();
    assertFigures(output);
  }

  @Test
  void bytesAndPretokensAreThoseOfTheTextOfATrainingAlone() throws IOException {
    Path corpus = Files.writeString(folder.resolve("corpus.txt"), TEXT);
    Path output = folder.resolve("train");
    List<String> command = new ArrayList<>(new BenchJob("gpt2", 300).train(corpus, 2, output));
    CommandLineRun.of(command.toArray(String[]::new)).succeeded();
    assertFigures(output);
  }

  private static void assertFigures(Path output) throws IOException {
    JsonNode manifest = Json.MAPPER.readTree(output.resolve("manifest.json").toFile());
    assertThat(GrowthRuns.textBytes(manifest)).isEqualTo(TEXT.length());
    assertThat(GrowthRuns.distinctPretokens(manifest)).isEqualTo(2);
  }
}
