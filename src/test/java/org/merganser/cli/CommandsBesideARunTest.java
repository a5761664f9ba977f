package org.merganser.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.ChildProcess;
import org.merganser.JavaProcess;
import org.merganser.cli.job.ExitCode;
import org.merganser.pipeline.Jobs;
import org.merganser.pipeline.OutputTree;

/**
 * Another process replaces an output again and again, and commands read it meanwhile. Each ends
 * with what it says of one of the two versions, or asks for another try; none takes a version that
 * is being published for a damaged one.
 */
@Tag("soak")
final class CommandsBesideARunTest {
  private static final int RUNS = 60;

  /** What a reader may end with: done, or try again. */
  private static final Set<Integer> ENDS =
      Set.of(ExitCode.DONE.code(), ExitCode.LOCKED.code(), ExitCode.CHANGED_FILES.code());

  @TempDir Path folder;
  private Path out;

  /** The process that replaces the output. */
  static final class Runs {
    private Runs() {}

    /**
     * @param args the folder of the test
     */
    public static void main(String[] args) {
      Path folder = Path.of(args[0]);
      for (int run = 0; run < RUNS; run++) {
        CommandLineRun ran = encode(folder, folder.resolve("out"), run % 2 == 0);
        // The command report holds the lock of the folder while it writes the page.
        if (ran.exitCode() == ExitCode.LOCKED.code()) {
          assertThat(ran.err()).contains(" report ");
        } else {
          ran.succeeded();
        }
      }
    }
  }

  private static CommandLineRun encode(Path folder, Path out, boolean marked) {
    return Jobs.sample(
        out,
        "corpus={inputs: ['" + folder.resolve("corpus") + "'], format: lines}",
        "tokenizer={load: '" + folder.resolve("trained") + "'}",
        "shards={formats: [parquet, npy], maxTokens: 500, endOfDocument: "
            + (marked ? "'<|endoftext|>'}" : "null}"),
        "embeddings=null",
        "learn=null",
        "--replace",
        "--targetParallelism=1");
  }

  @BeforeEach
  void writeACorpus() throws IOException {
    out = folder.resolve("out");
    Path corpus = Files.createDirectories(folder.resolve("corpus"));
    for (int file = 0; file < 3; file++) {
      Files.writeString(
          corpus.resolve(file + ".txt"), ("a line of file " + file + "\n").repeat(200));
    }
    Jobs.train(
        folder.resolve("trained"),
        "--input=%s --vocab-size=270 --pattern=gpt2 --special-token=<|endoftext|>",
        corpus);
  }

  private static CommandLineRun merge(Path from, Path to) {
    return CommandLineRun.line("merge %s --to bin --output %s --replace", from, to);
  }

  private static CommandLineRun trim(Path from, Path to) {
    return CommandLineRun.line("trim %s --run %s --keep-vocab 262 --output %s", from, from, to);
  }

  private static CommandLineRun convert(Path from, Path to) {
    return CommandLineRun.line(
        "convert %s --to npy --shuffle-seed 1 --output %s --replace", from, to);
  }

  /** A command that reads the output and writes another folder. */
  private interface Derivation {
    CommandLineRun run(Path from, Path to);
  }

  private static final Map<String, Derivation> DERIVATIONS =
      Map.of(
          "merge", CommandsBesideARunTest::merge,
          "trim", CommandsBesideARunTest::trim,
          "convert", CommandsBesideARunTest::convert);

  /** Done, or a reason to try again. */
  private static boolean saysHowItEnded(CommandLineRun ran) {
    return !ran.err().contains("\tat ")
        && (ENDS.contains(ran.exitCode())
            || ran.err().contains("the publication of a version has begun"));
  }

  /** Another value after each publication. */
  private Object published() throws IOException {
    Path manifest = out.resolve("manifest.json");
    return Files.exists(manifest) ? Files.getLastModifiedTime(manifest) : "none";
  }

  @Test
  void readOneVersionOrAskForAnotherTry() throws Exception {
    Map<String, Set<SortedMap<String, String>>> expected = new TreeMap<>();
    for (boolean marked : new boolean[] {true, false}) {
      encode(folder, out, marked).succeeded();
      for (Map.Entry<String, Derivation> derivation : DERIVATIONS.entrySet()) {
        Path to = folder.resolve("expected");
        derivation.getValue().run(out, to).succeeded();
        expected
            .computeIfAbsent(derivation.getKey(), name -> new HashSet<>())
            .add(OutputTree.sums(to));
        OutputTree.delete(to);
      }
    }
    List<String> command =
        JavaProcess.command(List.of("-Xmx700m"), Runs.class.getName(), List.of(folder.toString()));
    Process runs = ChildProcess.start(new ProcessBuilder(command).inheritIO());
    List<String> wrong = new ArrayList<>();
    SortedMap<String, Integer> ends = new TreeMap<>();
    try {
      while (runs.isAlive()) {
        for (String line :
            List.of(
                "verify %s",
                "verify %s --full", "report %s", "inspect %s", "log %s", "cat %s --limit 2")) {
          CommandLineRun ran = CommandLineRun.line(line, out);
          ends.merge(line + " " + ran.exitCode(), 1, Integer::sum);
          if (!saysHowItEnded(ran)) {
            wrong.add(line + " ended with " + ran.exitCode() + "\n" + ran.out() + ran.err());
          }
        }
        for (Map.Entry<String, Derivation> derivation : DERIVATIONS.entrySet()) {
          Path to = folder.resolve("derived");
          Object before = published();
          CommandLineRun ran = derivation.getValue().run(out, to);
          ends.merge(derivation.getKey() + " " + ran.exitCode(), 1, Integer::sum);
          boolean isOneVersion =
              ran.exitCode() != 0
                  || expected.get(derivation.getKey()).contains(OutputTree.sums(to))
                  || !before.equals(published()); // two runs have put the first version back
          if (!isOneVersion || !saysHowItEnded(ran)) {
            wrong.add(derivation.getKey() + " ended with " + ran.exitCode() + "\n" + ran.err());
          }
          if (Files.exists(to)) {
            OutputTree.delete(to);
          }
        }
      }
    } finally {
      ChildProcess.kill(runs);
    }
    System.out.println(ends);
    assertThat(wrong).isEmpty();
    assertThat(runs.exitValue()).isZero();
  }
}
