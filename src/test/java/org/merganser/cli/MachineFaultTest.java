package org.merganser.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.ChildProcess;
import org.merganser.JavaProcess;
import org.merganser.pipeline.Jobs;

/** What a machine lacks, and what no file should hold, is said in a sentence with a next step. */
@Tag("run")
final class MachineFaultTest {
  @TempDir Path folder;

  private record Ended(int exitCode, String output) {}

  /** Runs a command line in a JVM of its own. */
  private Ended run(List<String> options, String... args) throws Exception {
    List<String> command = JavaProcess.command(options, Main.class.getName(), List.of(args));
    Path output = folder.resolve("output");
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().remove("TMPDIR");
    if (Files.exists(input())) {
      builder.redirectInput(input().toFile());
    }
    int exitCode = ChildProcess.start(builder.redirectOutput(output.toFile())).waitFor();
    return new Ended(exitCode, Files.readString(output, StandardCharsets.UTF_8));
  }

  private Path input() {
    return folder.resolve("input");
  }

  private static void isASentence(String output) {
    assertThat(output).contains("merganser: ").doesNotContain("\tat ").hasSizeLessThan(17_000);
  }

  private String[] sampleRun(String... more) {
    List<String> args =
        new ArrayList<>(
            List.of(
                "run",
                "pipelines/sample.yaml",
                "--set",
                "output=" + folder.resolve("out"),
                "--set",
                "tokenizer.train.vocabSize=300"));
    args.addAll(List.of(more));
    return args.toArray(String[]::new);
  }

  private void isRefusedForItsTemporaryFolder(Path temporary, int exitCode) throws Exception {
    Ended ended = run(List.of("-Djava.io.tmpdir=" + temporary), sampleRun());
    assertThat(ended.exitCode()).as(ended.output()).isEqualTo(exitCode);
    isASentence(ended.output());
    assertThat(ended.output()).contains(temporary.toString()).contains("TMPDIR");
  }

  /** The exit code and standard error of a command whose standard output is a full device. */
  private Ended intoAFullDevice(String... args) throws Exception {
    List<String> command = JavaProcess.command(List.of(), Main.class.getName(), List.of(args));
    Path err = folder.resolve("err");
    int exitCode =
        ChildProcess.start(
                new ProcessBuilder(command)
                    .redirectOutput(Path.of("/dev/full").toFile())
                    .redirectError(err.toFile())
                    .redirectInput(input().toFile()))
            .waitFor();
    return new Ended(exitCode, Files.readString(err, StandardCharsets.UTF_8));
  }

  @Test
  void outputThatIsLostOnAFullDiskIsAFailure() throws Exception {
    assumeThat(Path.of("/dev/full")).exists();
    Files.writeString(folder.resolve("corpus.txt"), "low lower lowest ".repeat(40));
    String trained = folder.resolve("trained").toString();
    Jobs.train(trained, "--input %s --vocab-size=260 --pattern=gpt2", folder.resolve("corpus.txt"));
    Files.writeString(input(), "{\"text\": \"low lower\"}\n");
    for (String[] args :
        new String[][] {
          {"schema"}, {"tokenize", "--tokenizer", trained, "--jsonl"},
        }) {
      Ended ended = intoAFullDevice(args);
      assertThat(ended.output())
          .contains(
              "merganser: standard output: No space left on device; the printed text is"
                  + " incomplete");
      assertThat(ended.exitCode()).isEqualTo(6);
    }
  }

  @Test
  void aTemporaryFolderThatCannotBeMadeIsNamed() throws Exception {
    Path file = Files.createFile(folder.resolve("file"));
    isRefusedForItsTemporaryFolder(file.resolve("missing"), 1);
  }

  @Test
  void aTemporaryFolderThatAllowsNoExecutionIsNamed() throws Exception {
    isRefusedAsTemporaryFolder("size=50m,noexec", 1);
  }

  @Test
  void aFullTemporaryFolderIsNamed() throws Exception {
    isRefusedAsTemporaryFolder("size=64k", 6);
  }

  @Test
  void nativeCodeIsUnpackedIntoTheScratchFolder() throws Exception {
    List<String> folders =
        List.of(
            "-Djava.io.tmpdir=" + folder.resolve("missing"),
            "-Dmerganser.scratch=" + folder.resolve("scratch"));
    Path table = folder.resolve("table.parquet"); // its pages are compressed by zstd
    assertThat(run(folders, "embeddings", "init", "--help").exitCode()).isZero();
    assertThat(folder.resolve("scratch")).doesNotExist();
    String[] init = {"embeddings", "init", "--rows=9", "--dim=4", "--output=" + table};
    Ended ended = run(folders, init);
    assertThat(ended.exitCode()).as(ended.output()).isZero();
    assertThat(folder.resolve("missing")).doesNotExist();
    assertThat(table).exists();
  }

  /** A disk that is mounted with these options. */
  private void isRefusedAsTemporaryFolder(String options, int exitCode) throws Exception {
    Path disk = Files.createDirectory(folder.resolve("disk"));
    assumeThat(command("mount", "-t", "tmpfs", "-o", options, "tmpfs", disk.toString())).isZero();
    try {
      isRefusedForItsTemporaryFolder(disk, exitCode);
    } finally {
      assertThat(command("umount", "-l", disk.toString())).isZero();
    }
  }

  private static int command(String... command) throws IOException, InterruptedException {
    return ChildProcess.start(new ProcessBuilder(command).redirectErrorStream(true)).waitFor();
  }

  @Test
  void aHeapThatIsTooSmallForACommandEndsWith7() throws Exception {
    CommandLineRun.of(sampleRun("--set", "embeddings=null", "--set", "report.enabled=false"))
        .succeeded();
    Files.write(input(), new byte[40 << 20]);
    String tokenizer = folder.resolve("out/tokenizer/tokenizer.json").toString();
    Ended ended = run(List.of("-Xmx32m"), "tokenize", "--tokenizer", tokenizer);
    assertThat(ended.exitCode()).as(ended.output()).isEqualTo(7);
    isASentence(ended.output());
    assertThat(ended.output()).contains("out of memory").contains("MERGANSER_OPTS=-Xmx8g");
  }

  /** The same job with more heap encodes the document: it is never a dead letter for that. */
  @Test
  @Tag("long")
  void aHeapThatIsTooSmallForADocumentThatCannotBeCutEndsWith7() throws Exception {
    Path book = folder.resolve("book.txt");
    Files.writeString(book, "a word, and another one. ".repeat(480_000)); // 12 MB
    String[] args =
        sampleRun(
            "--set", "corpus={inputs: ['" + book + "'], format: text, maxDocumentBytes: 8388608}",
            "--set", "tokenizer.train.pattern='\\w+(?=, )|\\w+|\\W'",
            "--set", "shards.groupBy=null",
            "--set", "embeddings=null",
            "--set", "report.enabled=false");
    Ended small = run(List.of("-Xmx128m"), args);
    assertThat(small.exitCode()).as(small.output()).isEqualTo(7);
    isASentence(small.output());
    assertThat(small.output())
        .contains("out of memory (the document at book.txt#0 cannot be cut, and encoding ")
        .contains("with corpus.maxWholeDocumentBytes below that it becomes a dead letter")
        .contains("corpus.maxWholeDocumentBytes, of which one takes up to 12 times");
    Ended large = run(List.of("-Xmx512m"), args);
    assertThat(large.exitCode()).as(large.output()).isZero();
    assertThat(large.output()).containsPattern("text bytes +12,000,000\n");
    assertThat(large.output()).containsPattern("dead letters +0\n");
  }

  @Test
  void aPatternNestedTwentyThousandDeepIsRefused() {
    for (String deep :
        List.of(
            "(".repeat(20_000) + "a" + ")".repeat(20_000),
            "(?:".repeat(20_000) + "a" + ")+".repeat(20_000),
            "[".repeat(20_000) + "a" + "]".repeat(20_000),
            "(?=".repeat(20_000) + "a" + ")".repeat(20_000))) {
      CommandLineRun ran =
          CommandLineRun.of(sampleRun("--set", "tokenizer.train.pattern='" + deep + "'"));
      assertThat(ran.exitCode()).as(ran.err()).isIn(1, 2);
      isASentence(ran.err());
      assertThat(ran.err()).contains("nested more than 250 deep");
    }
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @Test
  void anNpyFileWithAnEmptyHeaderIsRefused() throws IOException {
    byte[] npy = "\u0093NUMPY\u0001\u0000\u0000\u0000abcd".getBytes(StandardCharsets.ISO_8859_1);
    for (int length = 0; length < 4; length++) {
      for (int version = 1; version < 3; version++) {
        npy[6] = (byte) version;
        npy[8] = (byte) length;
        npy[10] = 0;
        npy[11] = 0;
        Path file = Files.write(folder.resolve("empty.npy"), npy);
        CommandLineRun ran =
            CommandLineRun.line(
                "embeddings import %s --output %s", file, folder.resolve("table.parquet"));
        assertThat(ran.exitCode()).as(ran.err()).isEqualTo(2);
        isASentence(ran.err());
        assertThat(ran.err()).contains("empty.npy");
      }
    }
  }

  /** A shard that is empty, cut, or of zeros and ones alone. */
  @Test
  void catNamesAShardThatIsDamaged() throws IOException {
    Path out = folder.resolve("damaged");
    CommandLineRun.line(
            "run pipelines/sample.yaml --set output=%s --set tokenizer.train.vocabSize=300 --set"
                + " embeddings=null --set report.enabled=false",
            out)
        .succeeded();
    Path shard = out.resolve("shards/parquet/part-0000000-000.parquet");
    byte[] whole = Files.readAllBytes(shard);
    byte[] ones = new byte[40];
    Arrays.fill(ones, (byte) 0xFF);
    byte[] begun = Arrays.copyOf(whole, 40);
    Arrays.fill(begun, 9, 40, (byte) 0x7F);
    for (byte[] other :
        List.of(new byte[0], new byte[40], ones, begun, Arrays.copyOf(whole, whole.length / 2))) {
      Files.write(shard, other);
      CommandLineRun ran = CommandLineRun.of("cat", shard.toString(), "--limit", "2");
      assertThat(ran.exitCode()).as(ran.err()).isEqualTo(1);
      isASentence(ran.err());
      assertThat(ran.err()).contains(shard.toString());
    }
  }
}
