package org.merganser.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.merganser.ChildProcess;
import org.merganser.JavaProcess;
import org.merganser.cli.CommandLineRun;
import org.merganser.output.verify.ManifestVerification;
import org.merganser.pipeline.Jobs;
import org.merganser.pipeline.OutputTree;

/**
 * Runs that a signal ends when a stage begins, and runs that end while they sweep: no draft stays,
 * the next run makes the same bytes, and nothing is lost that is not the run's own.
 */
@Tag("run")
final class StoppedRunsTest {
  @TempDir static Path folder;
  private static Path undisturbed;
  private static SortedMap<String, String> expected;

  @BeforeAll
  static void runUndisturbed() throws IOException {
    Path corpus = Files.createDirectory(folder.resolve("corpus"));
    for (int i = 0; i < 60; i++) {
      String text = "Some words of text " + i + ", again and again.\n";
      Files.writeString(corpus.resolve(String.format("%02d.txt", i)), text.repeat(20 + i));
    }
    Path table = folder.resolve("table.parquet");
    Jobs.table(table, 400, 8);
    Files.writeString(
        folder.resolve("job.yaml"),
        """
        corpus: {inputs: ['%s'], format: lines}
        tokenizer: {train: {vocabSize: 300, pattern: gpt2}}
        shards: {formats: [parquet, npy, megatron], shuffle: {seed: 3}}
        embeddings: {table: '%s'}
        output: unused
        """
            .formatted(corpus, table));
    undisturbed = folder.resolve("undisturbed");
    CommandLineRun.of(command(undisturbed)).succeeded();
    expected = OutputTree.sums(undisturbed);
  }

  private static String[] command(Path out, String... more) {
    List<String> words =
        new ArrayList<>(
            List.of("run", folder.resolve("job.yaml").toString(), "--set", "output=" + out));
    words.addAll(List.of(more));
    return words.toArray(String[]::new);
  }

  @Test
  @Tag("long")
  void aRunThatIsStoppedWhileItEncodesLeavesNoDraftsAndGoesOn() throws Exception {
    endsAtTheBeginningOf("encode", true);
  }

  @ParameterizedTest
  @ValueSource(strings = {"count", "learn", "encode", "join", "shuffle", "convert", "measure"})
  @Tag("soak")
  void aRunGoesOnAfterSigtermAndSigkillInEachStage(String stage) throws Exception {
    endsAtTheBeginningOf(stage, true);
    endsAtTheBeginningOf(stage, false);
  }

  private static void endsAtTheBeginningOf(String stage, boolean gently) throws Exception {
    Path out = folder.resolve(stage + "-" + gently);
    Path scratch = folder.resolve("scratch-" + out.getFileName());
    Process process =
        ChildProcess.start(
            new ProcessBuilder(
                    ChildProcess.heedingSignals(
                        JavaProcess.command(
                            List.of("-Xmx500m", "-Dmerganser.scratch=" + scratch),
                            "org.merganser.cli.Main",
                            List.of(command(out, "--events", "-")))))
                .redirectError(folder.resolve("log").toFile()));
    try (BufferedReader events = process.inputReader()) {
      boolean sent = false;
      for (String line = events.readLine(); line != null; line = events.readLine()) {
        boolean begins =
            line.contains("\"stage.started\"") && line.contains("\"stage\":\"" + stage + "\"");
        if (begins && !sent) {
          sent = true;
          if (gently) {
            process.toHandle().destroy(); // the streams stay open
          } else {
            process.toHandle().destroyForcibly();
          }
        }
      }
      assertThat(sent).as("the stage %s began: %s", stage, log()).isTrue();
    }
    assertThat(process.waitFor()).as(log()).isIn(gently ? 143 : 137, 0); // 0: it was over
    if (gently) {
      assertThat(drafts(out)).isEmpty();
    }
    CommandLineRun.of(command(out)).succeeded();
    assertThat(OutputTree.sums(out)).isEqualTo(expected);
    assertThat(drafts(out)).isEmpty();
    assertThat(ManifestVerification.check(out.toString(), true).findings()).isEmpty();
  }

  private static String log() throws IOException {
    return Files.readString(folder.resolve("log"));
  }

  private static List<String> drafts(Path out) throws IOException {
    return OutputTree.files(out).stream()
        .filter(path -> path.contains(".tmp-merganser-") || path.endsWith(".begun"))
        .toList();
  }
}
