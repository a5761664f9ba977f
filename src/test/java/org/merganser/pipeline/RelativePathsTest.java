package org.merganser.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.merganser.ChildProcess;
import org.merganser.JavaProcess;
import org.merganser.cli.CommandLineRun;
import org.merganser.job.JobReader;
import org.merganser.output.manifest.Manifest;
import org.merganser.pipeline.prepare.PreparationOptions;
import org.merganser.pipeline.prepare.PreparedRun;
import org.merganser.pipeline.prepare.RunPreparation;

/**
 * A job whose locations are all relative to the folder of the driver, with the graph in a process
 * that was started in another folder, as workers of a cluster are.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("long")
final class RelativePathsTest {
  /** A worker's own folder, in which nothing relative is found. */
  @TempDir static Path elsewhere;

  /** Relative: below the folder of this process. */
  private Path home;

  /** The settings of each job by the name of its folder. */
  private Map<String, String[]> jobs;

  @BeforeAll
  void runTheFirstAndTheGraphsElsewhere() throws IOException, InterruptedException {
    Files.createDirectories(Path.of("target"));
    home = Files.createTempDirectory(Path.of("target"), "relative-paths-");
    Files.createDirectory(home.resolve("corpus"));
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 60; i++) {
      text.append("{\"text\": \"lower and lowest words, number ").append(i * 31L).append("\"}\n");
    }
    Files.writeString(home.resolve("corpus/good.jsonl"), text);
    byte[] bad = "{\"text\": \"no UTF-8: \u00e9\"}\n".getBytes(StandardCharsets.ISO_8859_1);
    Files.write(home.resolve("corpus/bad.jsonl"), bad);
    Jobs.table(table(), 300, 4);
    CommandLineRun.with(
            settings(
                "first", "tokenizer={train: {vocabSize: 290, pattern: gpt2, keepCounts: true}}"),
            "run",
            yaml().toString())
        .succeeded();
    jobs = jobs();
    runTheGraphsElsewhere();
  }

  private Map<String, String[]> jobs() {
    Map<String, String[]> all = new LinkedHashMap<>();
    Path trained = home.resolve("first/tokenizer/tokenizer.json");
    all.put(
        "train",
        new String[] {
          "tokenizer={train: {vocabSize: 280, pattern: gpt2}}",
          "embeddings={table: '" + table() + "'}",
          "report={reference: '" + trained + "'}"
        });
    all.put(
        "continue",
        new String[] {
          "tokenizer={train: {vocabSize: 295, continueFrom: '"
              + trained
              + "', inputs: ['"
              + home.resolve("corpus/good.jsonl")
              + "']}}"
        });
    all.put(
        "counts",
        new String[] {
          "tokenizer={train: {vocabSize: 270, pattern: gpt2, counts: ['"
              + home.resolve("first/tokenizer/counts.parquet")
              + "']}}",
          "shards={formats: []}"
        });
    all.put(
        "join",
        new String[] {
          "corpus=null",
          "shards={from: '" + home.resolve("first") + "'}",
          "embeddings={table: '" + table() + "'}"
        });
    return all;
  }

  @AfterAll
  void delete() throws IOException {
    OutputTree.delete(home);
  }

  private Path yaml() throws IOException {
    return Files.writeString(home.resolve("job.yaml"), "{}");
  }

  private Path table() {
    return home.resolve("table.parquet");
  }

  private List<String> settings(String output, String... more) {
    List<String> settings = new ArrayList<>(List.of(more));
    settings.add("output=" + home.resolve(output));
    if (List.of(more).stream().noneMatch(setting -> setting.startsWith("corpus"))) {
      settings.add(
          "corpus={inputs: ['"
              + home.resolve("corpus")
              + "'], format: jsonl, maxDeadLetterRate: 1}");
    }
    return settings;
  }

  /** Prepares every job here, and runs their graphs in one process that is in another folder. */
  private void runTheGraphsElsewhere() throws IOException, InterruptedException {
    List<String> specs = new ArrayList<>();
    for (Map.Entry<String, String[]> job : jobs.entrySet()) {
      PreparedRun prepared =
          RunPreparation.prepare(
              JobReader.of(settings(job.getKey() + "-elsewhere", job.getValue()), "test"));
      prepared.mark("test");
      prepared.publish(true);
      Path spec = elsewhere.resolve(job.getKey() + ".spec");
      try (ObjectOutputStream out = new ObjectOutputStream(Files.newOutputStream(spec))) {
        out.writeObject(prepared.spec());
      }
      specs.add(spec.toString());
    }
    java(elsewhere, GraphProcess.class.getName(), specs);
  }

  /** Runs the command line in another folder, and returns what it says. */
  private static String command(Path folder, String... args) throws Exception {
    return java(folder, "org.merganser.cli.Main", List.of(args));
  }

  private static String java(Path folder, String mainClass, List<String> args)
      throws IOException, InterruptedException {
    return ChildProcess.output(
        new ProcessBuilder(JavaProcess.command(List.of("-Xmx512m"), mainClass, args))
            .directory(folder.toFile()));
  }

  @Test
  void aJobFileWritesTheSameBytesFromAnyFolderAndIsVerifiedFromAny() throws Exception {
    Path root = home.toAbsolutePath();
    Path job = Files.createDirectories(root.resolve("jobs")).resolve("here.yaml");
    Files.writeString(
        job,
        """
        corpus: {inputs: [../corpus/good.jsonl], format: jsonl}
        tokenizer: {train: {vocabSize: 290, pattern: gpt2}}
        embeddings: {table: ../table.parquet}
        report: {reference: ../first/tokenizer/tokenizer.json}
        output: ../out-of-file
        """);
    command(job.getParent(), "run", "here.yaml");
    Path expected = root.resolve("out-of-file");
    assertThat(MerganserRun.manifest(expected.toString()).job().at("/corpus/inputs/0").asText())
        .isEqualTo("../corpus/good.jsonl");
    // This process is in a folder too in which nothing that the job names is found.
    assertThat(Path.of("../corpus")).doesNotExist();
    assertThat(CommandLineRun.of("run", job.toString()).succeeded().out())
        .contains("Nothing to do");
    Path other = root.resolve("out-of-corpus");
    command(
        root.resolve("corpus"),
        "run",
        "../jobs/here.yaml",
        "--set",
        "output=../out-of-corpus",
        "--set",
        "corpus.inputs=[good.jsonl]");
    assertThat(OutputTree.sums(other)).isEqualTo(OutputTree.sums(expected));
    assertThat(CommandLineRun.of("verify", other.toString(), "--full").succeeded().out())
        .contains(" documents compared with their source");
  }

  @ParameterizedTest
  @ValueSource(strings = {"train", "continue", "counts", "join"})
  void aGraphThatRanElsewhereGivesTheSameDataset(String name) throws IOException {
    Path here = home.resolve(name);
    MerganserRun.prepare(
            JobReader.of(settings(name, jobs.get(name)), "test"),
            List.of(),
            PreparationOptions.NONE)
        .execute(new MerganserRun.Options("test", false, warning -> {}, false));
    String waiting =
        OutputTree.files(home.resolve(name + "-elsewhere")).stream()
            .filter(
                path -> path.endsWith("/" + Manifest.FILE)) // in the stage: a graph commits nothing
            .findFirst()
            .orElseThrow();
    assertThat(home.resolve(name + "-elsewhere").resolve(waiting))
        .hasSameBinaryContentAs(here.resolve(Manifest.FILE));
  }
}
