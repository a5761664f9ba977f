package org.merganser.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.ChildProcess;
import org.merganser.FailingCalls;
import org.merganser.FailingCalls.ErrorNumber;
import org.merganser.FailingCalls.Kind;
import org.merganser.JavaProcess;
import org.merganser.checksum.Sha256;
import org.merganser.cli.CommandLineRun;
import org.merganser.cli.job.ExitCode;
import org.merganser.pipeline.Jobs;
import org.merganser.pipeline.OutputTree;

/**
 * Each call of the operating system that a small run makes for its files fails once, one in each
 * run. The run ends with the right bytes, or with a message that names the file; what was published
 * stays whole; and the same command then ends with the bytes of an undisturbed run.
 */
@Tag("soak")
final class FailingCallsTest {
  private static final String READ_ONLY = "READ_ONLY";

  /** Thousands of runs, of a second or more each. */
  private static final long LIMIT_MINUTES = 10 * 60;

  @TempDir Path folder;

  @Test
  void everyCallThatChangesTheDiskMayFail() throws Exception {
    runEach(Kind.WRITES.name());
  }

  @Test
  void everyCallThatReadsMayFail() throws Exception {
    runEach(Kind.READS.name());
  }

  @Test
  void theDiskMayBecomeReadOnlyAtTwentyPoints() throws Exception {
    runEach(READ_ONLY);
  }

  private void runEach(String kind) throws Exception {
    List<String> options =
        List.of("-Xmx700m", "-Dmerganser.scratch=" + folder.resolve("disk/scratch"));
    ProcessBuilder process =
        new ProcessBuilder(
                JavaProcess.command(
                    options, Runs.class.getName(), List.of(folder.toString(), kind)))
            .inheritIO();
    assumeThat(FailingCalls.prepare(process, folder)).as("there is a compiler of C").isTrue();
    assertThat(ChildProcess.start(process, LIMIT_MINUTES).waitFor()).isZero();
  }

  /** The process whose calls fail. */
  static final class Runs {
    private static final JsonMapper JSON = new JsonMapper();

    private final Path disk;
    private final Path corpus;
    private final Kind kind;
    private final boolean readOnly;
    private final FailingCalls calls;
    private int wrong;

    private Runs(Path folder, String kind) throws IOException {
      this.disk = folder.resolve("disk");
      this.corpus = Files.createDirectories(disk.resolve("corpus"));
      this.readOnly = kind.equals(READ_ONLY);
      this.kind = readOnly ? Kind.WRITES : Kind.valueOf(kind);
      this.calls = FailingCalls.ofThisProcess();
    }

    /**
     * @param args the folder, and the kind of calls
     */
    public static void main(String[] args) throws IOException {
      Runs runs = new Runs(Path.of(args[0]), args[1]);
      runs.all();
      System.exit(runs.wrong == 0 ? 0 : 1);
    }

    private CommandLineRun run(Path out, String... more) {
      List<String> all =
          new ArrayList<>(
              List.of(
                  "corpus={inputs: ['" + corpus + "'], format: lines, append: true}",
                  "tokenizer={load: '" + disk.resolve("trained") + "'}",
                  "shards.groupBy=null",
                  "shards.formats=[parquet, npy]",
                  "embeddings=null",
                  "--targetParallelism=1"));
      all.addAll(List.of(more));
      return Jobs.lean(out, all);
    }

    private void all() throws IOException {
      Files.writeString(corpus.resolve("a.txt"), "one line\nanother line\n".repeat(20));
      Jobs.train(
          disk.resolve("trained"),
          "--input=%s --vocab-size=270 --pattern=gpt2 --special-token=<|endoftext|>",
          corpus.resolve("a.txt"));
      Path first = disk.resolve("first");
      everyCallFails("a first run", first);
      run(first).succeeded();
      Files.writeString(corpus.resolve("b.txt"), "a third line\n".repeat(30));
      everyCallFails("a night", first);
      Path alone = disk.resolve("alone");
      run(alone, "corpus.append=false").succeeded();
      String[] other = {"corpus.append=false", "shards.endOfDocument=null", "--replace"};
      everyCallFails("a replacement", alone, other);
      String[] training = {
        "corpus.append=false",
        "tokenizer={train: {vocabSize: 270, pattern: gpt2, specialTokens: ['<|endoftext|>']}}",
        "report.enabled=true"
      };
      everyCallFails("a run that trains", disk.resolve("none"), training);
    }

    private void everyCallFails(String what, Path start, String... settings) throws IOException {
      Path out = disk.resolve("out");
      prepare(start, out);
      calls.fail(0, kind, ErrorNumber.EIO, disk);
      run(out, settings).succeeded();
      calls.stop();
      long count = calls.seen();
      SortedMap<String, String> expected = OutputTree.sums(out);
      OutputTree.delete(out);
      int failed = 0;
      long step = readOnly ? Math.max(1, count / 20) : 1;
      for (long number = 1; number <= count; number += step) {
        ErrorNumber error = readOnly ? ErrorNumber.EROFS : error(number);
        prepare(start, out);
        calls.fail(number, kind, error, disk);
        CommandLineRun ran = run(out, settings);
        calls.stop();
        if (ran.exitCode() != 0) {
          failed++;
        }
        try {
          if (ran.exitCode() != 0 && error == ErrorNumber.ENOSPC) {
            ran.endedWith(ExitCode.NO_SPACE.code());
          }
          check(out, ran, expected, settings, Files.exists(start.resolve("manifest.json")));
        } catch (AssertionError | IOException e) {
          wrong++;
          System.out.printf(
              "==== %s, call %d of %d, %s: %s%n%s%n",
              what, number, count, error, calls.failed(), e.getMessage());
        }
        OutputTree.delete(out);
      }
      System.out.printf("%s: %d calls (%s), %d runs failed%n", what, count, kind, failed);
    }

    private ErrorNumber error(long number) {
      return kind == Kind.WRITES && number % 2 == 0 ? ErrorNumber.ENOSPC : ErrorNumber.EIO;
    }

    private static void prepare(Path start, Path out) throws IOException {
      if (Files.exists(start)) {
        OutputTree.copy(start, out);
      } else {
        Files.createDirectories(out);
      }
    }

    private void check(
        Path out,
        CommandLineRun ran,
        SortedMap<String, String> expected,
        String[] settings,
        boolean wasPublished)
        throws IOException {
      if (ran.exitCode() == 0) {
        assertThat(OutputTree.sums(out)).isEqualTo(expected);
      } else {
        assertThat(ran.err()).contains("merganser: ", disk.toString()).doesNotContain("\tat ");
      }
      requireAVersionOrAJournal(out, wasPublished);
      run(out, settings).succeeded();
      assertThat(OutputTree.sums(out)).isEqualTo(expected);
      CommandLineRun.of("verify", out.toString(), "--full").succeeded();
    }

    private static void requireAVersionOrAJournal(Path out, boolean wasPublished)
        throws IOException {
      if (!Files.exists(out.resolve("manifest.json"))) {
        assertThat(!wasPublished || Files.exists(out.resolve("run/commit.json")))
            .as("a version or a journal")
            .isTrue();
        return;
      }
      for (String line : Files.readAllLines(out.resolve("outputs.jsonl"))) {
        JsonNode file = JSON.readTree(line);
        assertThat(Sha256.of(out.resolve(file.get("path").asText())))
            .as(line)
            .isEqualTo(file.get("sha256").asText());
      }
    }
  }
}
