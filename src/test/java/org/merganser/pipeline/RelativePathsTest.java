package org.merganser.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.cli.CommandLineRun;
import org.merganser.dataset.Manifest;
import org.merganser.job.Job;
import org.merganser.job.JobReader;

/**
 * A job whose locations are all relative to the folder of the driver, with the graph in a process
 * that was started in another folder, as workers of a cluster are.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RelativePathsTest {
  /** A worker's own folder, in which nothing relative is found. */
  @TempDir static Path elsewhere;

  /** Relative: below the folder of this process. */
  private Path home;

  @BeforeAll
  void runTheFirst() throws IOException {
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
    CommandLineRun.of(
            "embeddings", "init", "--rows=300", "--dim=4", "--seed=3", "--output=" + table())
        .succeeded();
    List<String> args = new ArrayList<>(List.of("run", yaml().toString()));
    for (String setting :
        settings("first", "tokenizer={train: {vocabSize: 290, pattern: gpt2, keepCounts: true}}")) {
      args.addAll(List.of("--set", setting));
    }
    CommandLineRun.of(args.toArray(String[]::new)).succeeded();
  }

  @AfterAll
  void delete() throws IOException {
    List<Path> paths;
    try (var all = Files.walk(home)) {
      paths = new ArrayList<>(all.toList());
    }
    for (int i = paths.size() - 1; i >= 0; i--) {
      Files.delete(paths.get(i));
    }
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

  /** Runs a job in this process, and its graph once more elsewhere; both give the same dataset. */
  private void assertRunsElsewhere(String name, String... settings) throws Exception {
    Path here = home.resolve(name);
    Job job = JobReader.of(settings(name, settings), "test");
    MerganserRun.prepare(job, List.of()).execute(new RunOptions("test", false, warning -> {}));

    PreparedRun prepared =
        RunPreparation.prepare(JobReader.of(settings(name + "-elsewhere", settings), "test"));
    prepared.mark("test");
    prepared.publish();
    Path spec = elsewhere.resolve("spec");
    try (ObjectOutputStream out = new ObjectOutputStream(Files.newOutputStream(spec))) {
      out.writeObject(prepared.spec());
    }
    Path log = elsewhere.resolve("log");
    int exitCode =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-cp",
                absolute(
                    System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path"))),
                GraphProcess.class.getName(),
                spec.toString())
            .directory(elsewhere.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start()
            .waitFor();
    assertThat(exitCode).as("%s", Files.readString(log)).isZero();
    assertThat(home.resolve(name + "-elsewhere").resolve(Manifest.FILE))
        .hasSameBinaryContentAs(here.resolve(Manifest.FILE));
  }

  private static String absolute(String classPath) {
    return String.join(
        java.io.File.pathSeparator,
        List.of(classPath.split(java.io.File.pathSeparator)).stream()
            .map(entry -> Path.of(entry).toAbsolutePath().toString())
            .toList());
  }

  /** Runs the command line in another folder. */
  private static void command(Path folder, String... args) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                absolute(
                    System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path"))),
                "org.merganser.cli.Main"));
    command.addAll(List.of(args));
    Path log = elsewhere.resolve("command.log");
    int exitCode =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start()
            .waitFor();
    assertThat(exitCode).as("%s", Files.readString(log)).isZero();
    if (List.of(args).contains("--full")) {
      assertThat(Files.readString(log)).contains(" documents compared with their source");
    }
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
    command(elsewhere, "verify", expected.toString(), "--full");
    String before = Files.readString(expected.resolve("run/finished.json"));
    command(elsewhere, "run", job.toString());
    assertThat(expected.resolve("run/finished.json")).as("nothing was to do").hasContent(before);
    command(root, "run", "jobs/here.yaml", "--set", "output=out-of-root");
    command(
        root.resolve("corpus"),
        "run",
        "../jobs/here.yaml",
        "--set",
        "output=../out-of-corpus",
        "--set",
        "corpus.inputs=[good.jsonl]");
    for (String name : List.of("out-of-root", "out-of-corpus")) {
      assertThat(OutputTree.sums(root.resolve(name)))
          .as("%s", name)
          .isEqualTo(OutputTree.sums(expected));
    }
    command(elsewhere, "verify", root.resolve("out-of-corpus").toString(), "--full");
  }

  @Test
  void trainsEncodesJoinsAndComparesWithAReference() throws Exception {
    assertRunsElsewhere(
        "train",
        "tokenizer={train: {vocabSize: 280, pattern: gpt2}}",
        "embeddings={table: '" + table() + "'}",
        "report={reference: '" + home.resolve("first/tokenizer/tokenizer.json") + "'}");
  }

  @Test
  void goesOnFromATokenizerWithTheTextOfACorpus() throws Exception {
    assertRunsElsewhere(
        "continue",
        "tokenizer={train: {vocabSize: 295, continueFrom: '"
            + home.resolve("first/tokenizer/tokenizer.json")
            + "', inputs: ['"
            + home.resolve("corpus/good.jsonl")
            + "']}}");
  }

  @Test
  void learnsFromTablesOfCounts() throws Exception {
    assertRunsElsewhere(
        "counts",
        "tokenizer={train: {vocabSize: 270, pattern: gpt2, counts: ['"
            + home.resolve("first/tokenizer/counts.parquet")
            + "']}}",
        "shards={formats: []}");
  }

  @Test
  void rescuesDeadLetters() throws Exception {
    assertRunsElsewhere(
        "rescue",
        "corpus={inputs: ['"
            + home.resolve("corpus")
            + "'], format: jsonl, invalidUtf8: replace, rescueFrom: '"
            + home.resolve("first")
            + "'}",
        "tokenizer={load: '" + home.resolve("first/tokenizer/tokenizer.json") + "'}");
  }

  @Test
  void joinsTheShardsOfAnEarlierRun() throws Exception {
    assertRunsElsewhere(
        "join",
        "corpus=null",
        "shards={from: '" + home.resolve("first") + "'}",
        "embeddings={table: '" + table() + "'}");
  }
}
